#include "rule.h"

#include "dns_log.h"
#include "hist.h"
#include "instance_type.h"
#include "names.h"
#include "plan.h"
#include "round_trips.h"
#include "rule_limits.h"
#include "stats.h"
#include "stats_query.h"
#include "units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool rule_measure_again(const struct rule_case *c, struct check *check)
{
    const struct host_counters *from = &c->in->host_start;
    const struct host_counters *to = &c->in->host_end;
    if (!from->has_tcp || !to->has_tcp || to->segments_out <= from->segments_out)
        return false;
    const double n = (double)(to->segments_out - from->segments_out);
    check->value = 100.0 * (double)(to->segments_again - from->segments_again) / n;
    check->warn = rule_larger(R12_AGAIN_WARN_PCT, 100.0 * R12_AGAIN_LEAST / n);
    return true;
}

bool rule_measure_steal(const struct rule_case *c, struct check *check)
{
    const struct host_counters *from = &c->in->host_start;
    const struct host_counters *to = &c->in->host_end;
    check->value = host_steal_pct(from, to);
    return isfinite(check->value) && to->cpu_ticks - from->cpu_ticks >= R12_TICKS_LEAST;
}

/* "10.0.0.1" is the address of "10.0.0.1", "10.0.0.1:80" and "[10.0.0.1]:80". */
static bool is_address(const char *remote, const char *address)
{
    const size_t length = strlen(address);
    remote += *remote == '[';
    return strncmp(remote, address, length) == 0 && (remote[length] == '\0' || remote[length] == ']' ||
                                                     (remote[length] == ':' && !strchr(address, ':')));
}

static uint64_t done_by(const struct rule_input *in, uint32_t remote, uint64_t *n_connections)
{
    uint64_t n_done = 0;
    for (uint32_t s = 0; s < in->run->n_streams; s++) {
        n_done += stats_remote_known(in->run, s, remote).n_done;
        *n_connections += stats_remote_known(in->run, s, remote).n_connections;
    }
    return n_done;
}

struct address {
    const char *text;
    bool is_v6;
    bool is_used;
    uint64_t n_connections;
};

/* Those of one name. */
struct addresses {
    struct address rows[STATS_REMOTES_MOST];
    uint32_t n, n_used;
    uint64_t n_connections, n_connections_most;
};

static struct address look_up(const struct rule_input *in, const char *text)
{
    struct address a = { .text = text, .is_v6 = strchr(text, ':') != NULL };
    for (uint32_t i = 0; i < in->run->n_remotes; i++)
        if (is_address(names_text(in->remotes, i), text))
            a.is_used |= done_by(in, i, &a.n_connections) > 0;
    return a;
}

static bool is_listed(const struct addresses *all, const char *text)
{
    for (uint32_t i = 0; i < all->n; i++)
        if (strcmp(all->rows[i].text, text) == 0)
            return true;
    return false;
}

/* All addresses that the name had during the run. Families that no request used do not count: a machine
 * without IPv6 cannot use IPv6 addresses. */
static void list_addresses(const struct rule_input *in, const char *name, struct addresses *all)
{
    bool family_is_used[2] = { false, false };
    uint32_t n = 0;
    *all = (struct addresses){ 0 };
    for (size_t i = 0; in->dns && i < in->dns->n && all->n < STATS_REMOTES_MOST; i++) {
        const char *text = in->dns->answers[i].address;
        if (*text && in->dns->answers[i].name == name && !is_listed(all, text)) {
            all->rows[all->n] = look_up(in, text);
            family_is_used[all->rows[all->n].is_v6] |= all->rows[all->n].is_used;
            all->n++;
        }
    }
    for (uint32_t i = 0; i < all->n; i++) {
        const struct address *a = &all->rows[i];
        if (!family_is_used[a->is_v6])
            continue;
        all->n_used += a->is_used;
        all->n_connections += a->n_connections;
        if (a->n_connections > all->n_connections_most)
            all->n_connections_most = a->n_connections;
        all->rows[n++] = *a;
    }
    all->n = n;
}

/* The name of the first answer from `i` on whose name is new; NULL: there is none. The log has each name
 * once. */
static const char *next_name(const struct dns_log *dns, size_t *i)
{
    for (; dns && *i < dns->n; ++*i) {
        size_t k = 0;
        while (dns->answers[k].name != dns->answers[*i].name)
            k++;
        if (k == *i)
            return dns->answers[(*i)++].name;
    }
    return NULL;
}

/* The name whose requests used the smallest part of its addresses; before any other, one of which a single
 * address was used despite enough connections for all. */
bool rule_measure_addresses(const struct rule_case *c, struct check *check)
{
    const char *name;
    struct addresses all;
    double least = INFINITY;
    bool is_alone = false;
    for (size_t i = 0; (name = next_name(c->in->dns, &i)) != NULL;) {
        list_addresses(c->in, name, &all);
        const double part = (double)all.n_used / (double)all.n;
        const bool is_enough = all.n_connections >= 2 * (uint64_t)all.n;
        const bool alone = is_enough && all.n_used == 1;
        if (all.n < 2 || (alone ? is_alone && part >= least : is_alone || part >= least))
            continue;
        is_alone = alone;
        least = part;
        check->value = 100.0 * part;
        check->invalid = is_enough ? 150.0 / (double)all.n : NAN; /* above one address, below two */
    }
    return isfinite(least);
}

/* The name whose connections are spread most unevenly. */
bool rule_measure_balance(const struct rule_case *c, struct check *check)
{
    const char *name;
    struct addresses all;
    double most = 0;
    for (size_t i = 0; (name = next_name(c->in->dns, &i)) != NULL;) {
        list_addresses(c->in, name, &all);
        if (all.n >= 2 && all.n_connections >= R13_CONNECTIONS_EACH * (uint64_t)all.n)
            most = fmax(most, (double)all.n_connections_most * (double)all.n / (double)all.n_connections);
    }
    if (most > 0)
        check->value = most;
    return most > 0;
}

bool rule_measure_step(const struct rule_case *c, struct check *check)
{
    check->value = (double)c->in->clocks.step_max_ns / 1e6;
    return true;
}

/* Only the provider knows how many credits are left, and publishes it minutes later. */
bool rule_measure_credits(const struct rule_case *c, struct check *check)
{
    check->value = check->warn = check->invalid = NAN;
    return instance_type_is_burstable(c->cluster->instance_type);
}

bool rule_measure_clocksource(const struct rule_case *c, struct check *check)
{
    check->value = strcmp(c->in->clocksource_start, c->in->clocksource_end) != 0;
    return true;
}

/* Half of the median and more: differences between targets are small beside the way to them. */
bool rule_measure_round_trip(const struct rule_case *c, struct check *check)
{
    const struct rule_input *in = c->in;
    const struct stats_scope scope = { .plan = in->plan, .streams = UINT64_C(1) << c->stream };
    const uint64_t round_trip_ns = in->round_trips ? in->round_trips->of_stream_ns[c->stream] : 0;
    const struct hist *h =
        stats_values(in->run, &scope, stats_headline(&in->plan->streams[c->stream]), in->scratch[0]);
    char text[UNITS_TEXT_BYTES];
    if (round_trip_ns == 0 || h->n == 0)
        return false;
    const uint64_t median_ns = hist_value_at_ppm(h, 500000);
    check->value = fmin(100.0, 100.0 * (double)round_trip_ns / (double)median_ns);
    if (round_trip_ns < R25_LEAST_NS)
        check->warn = 100.0;
    snprintf(check->note, sizeof check->note, "It takes %s. Run closer to the target%s.",
             units_time_text(round_trip_ns, text), in->plan->deployment.provider ? ", see docs/aws.md" : "");
    check->advice = check->note;
    return true;
}

/* Names the limit that was exceeded most. */
bool rule_measure_allowances(const struct rule_case *c, struct check *check)
{
    const struct host_allowances *from = &c->in->allowances_start, *to = &c->in->allowances_end;
    uint64_t most_n = 0;
    check->value = 0;
    for (size_t i = 0; i < HOST_ALLOWANCES; i++) {
        const uint64_t n = to->n[i] > from->n[i] ? to->n[i] - from->n[i] : 0;
        check->value += (double)n;
        if (n <= most_n)
            continue;
        most_n = n;
        snprintf(check->note, sizeof check->note,
                 "This instance type's limit of %s was exceeded: use more machines, or a larger one.",
                 host_allowance_text(i));
        check->advice = check->note;
    }
    return from->is_known && to->is_known;
}
