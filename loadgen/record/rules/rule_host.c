#include "rule.h"

#include "address_use.h"
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

static uint64_t done_by(const struct rule_input *in, uint32_t remote, uint64_t *n_connections)
{
    uint64_t n_done = 0;
    for (uint32_t s = 0; s < in->run->n_streams; s++) {
        n_done += stats_remote_known(in->run, s, remote).n_done;
        *n_connections += stats_remote_known(in->run, s, remote).n_connections;
    }
    return n_done;
}

static struct address_use look_up(const struct rule_input *in, const char *text)
{
    struct address_use a = { .text = text };
    for (uint32_t i = 0; i < in->run->n_remotes; i++)
        if (address_use_is_of(names_text(in->remotes, i), text))
            a.is_used |= done_by(in, i, &a.n_connections) > 0;
    return a;
}

static bool is_listed(const struct address_use *rows, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].text, text) == 0)
            return true;
    return false;
}

/* All addresses that the name had during the run; returns their number. */
static size_t list_addresses(const struct rule_input *in, const char *name,
                             struct address_use rows[STATS_REMOTES_MOST])
{
    size_t n = 0;
    for (size_t i = 0; i < in->dns->n && n < STATS_REMOTES_MOST; i++) {
        const char *text = in->dns->answers[i].address;
        if (*text && in->dns->answers[i].name == name && !is_listed(rows, n, text))
            rows[n++] = look_up(in, text);
    }
    return n;
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

static struct address_use_worst worst_of_names(const struct rule_input *in)
{
    const char *name;
    struct address_use rows[STATS_REMOTES_MOST];
    struct address_use_worst worst = { 0 };
    for (size_t i = 0; (name = next_name(in->dns, &i)) != NULL;)
        address_use_add(&worst, rows, list_addresses(in, name, rows));
    return worst;
}

bool rule_measure_addresses(const struct rule_case *c, struct check *check)
{
    const struct address_use_worst worst = worst_of_names(c->in);
    check->value = worst.part_pct;
    check->invalid = worst.invalid_pct;
    return worst.has_part;
}

bool rule_measure_balance(const struct rule_case *c, struct check *check)
{
    const struct address_use_worst worst = worst_of_names(c->in);
    check->value = worst.share;
    return worst.has_share;
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

bool rule_measure_start(const struct rule_case *c, struct check *check)
{
    check->value = c->in->start_late_ms;
    return !isnan(check->value);
}

bool rule_measure_clock_drift(const struct rule_case *c, struct check *check)
{
    check->value = fabs(c->in->clock_drift_ms);
    return !isnan(check->value);
}
