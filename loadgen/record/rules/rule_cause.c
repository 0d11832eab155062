#include "rule.h"

#include "plan.h"
#include "rule_limits.h"
#include "stats_query.h"
#include "units.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#define LATE_NS       NS_PER_MS /* a request that waits longer in loadgen is late */
#define LATE_WARN_PCT 1.0

static bool is_busy(const struct rule_input *in)
{
    return 100.0 * (double)in->n_busy_seconds > R4_WARN_PCT * (double)in->n_seconds;
}

/* Something kept the threads from running, see R21. */
static bool is_stopped(const struct rule_input *in)
{
    return 100.0 * (double)in->stopped_ns > R21_WARN_PCT * (double)in->thread_ns;
}

static bool is_often_late(const struct rule_input *in, enum metric part)
{
    const struct stats_scope all = { .plan = in->plan, .streams = UINT64_MAX };
    const struct hist *h = stats_values(in->run, &all, part, in->scratch[0]);
    return 100.0 * (double)hist_n_above(h, LATE_NS) > LATE_WARN_PCT * (double)h->n;
}

/* The threads did not run, or woke late: requests were picked up or answers read late although there was time
 * to spare. */
static bool is_delayed(const struct rule_input *in)
{
    return is_stopped(in) ||
           (!is_busy(in) && (is_often_late(in, METRIC_LAG) || is_often_late(in, METRIC_RX_AGE)));
}

static double quota_pct(const struct rule_input *in)
{
    const struct host_quota *quota = &in->host_loaded.quota;
    return quota->n_periods > 0 ? 100.0 * (double)quota->n_stopped / (double)quota->n_periods : NAN;
}

static bool has_others(const struct rule_input *in)
{
    return is_delayed(in) && host_others_pct(&in->host_loaded) > R23_WARN_PCT;
}

static bool has_thief(const struct rule_input *in)
{
    return quota_pct(in) > R24_WARN_PCT ||
           host_steal_pct(&in->host_start, &in->host_end) > R12_STEAL_WARN_PCT;
}

bool rule_has_cause(const struct rule_input *in)
{
    return is_busy(in) || has_others(in) || has_thief(in);
}

/* A thread that is kept from running is busy for longer: then more threads would not help. */
bool rule_measure_busy(const struct rule_case *c, struct check *check)
{
    const struct rule_input *in = c->in;
    const bool has_more = (long)in->plan->n_threads < sysconf(_SC_NPROCESSORS_ONLN);
    check->value = 100.0 * (double)in->n_busy_seconds / (double)in->n_seconds;
    if (!has_others(in) && !has_thief(in))
        check->advice = has_more ? "loadgen was at full speed: use more threads (-t)."
                                 : "loadgen was at full speed: use more machines.";
    return in->n_seconds > 0;
}

bool rule_measure_others(const struct rule_case *c, struct check *check)
{
    const struct rule_input *in = c->in;
    char own[UNITS_TEXT_BYTES];
    check->value = host_others_pct(&in->host_loaded);
    if (!is_delayed(in))
        check->warn = NAN;
    snprintf(check->note, sizeof check->note, "loadgen: %s %%. Run it alone.",
             units_number_text(host_own_pct(&in->host_loaded), own));
    check->advice = check->note;
    return in->host_loaded.cpu_ticks >= R12_TICKS_LEAST;
}

bool rule_measure_quota(const struct rule_case *c, struct check *check)
{
    check->value = quota_pct(c->in);
    return isfinite(check->value);
}
