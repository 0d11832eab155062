#include "thresholds.h"

#include "err.h"
#include "phase_clock.h"
#include "stats_query.h"

#include <math.h>
#include <stdlib.h>

static bool time_value(const struct threshold *t, const struct hist *times, double *value)
{
    if (times->n == 0)
        return false;
    if (t->metric == THRESHOLD_PERCENTILE)
        *value = (double)hist_value_at_ppm(times, t->p_ppm) / 1e9;
    else if (t->metric == THRESHOLD_MEAN)
        *value = (double)times->sum_ns / (double)times->n / 1e9;
    else
        *value = (double)times->max_ns / 1e9;
    return true;
}

/* The divisor of a rate; 0: the rate does not count. */
static uint64_t time_of(const struct threshold_data *data, uint64_t streams)
{
    if (data->second_ns == 0)
        return phase_active_ns(data->plan, data->phases, streams, data->end_ns);
    return (streams & ~data->measuring) == 0 ? data->second_ns : 0;
}

static struct stats_scope scope_of(const struct threshold *t, const struct threshold_data *data)
{
    return (struct stats_scope){ .plan = data->plan,
                                 .streams = stats_streams_named(data->plan, t->scope),
                                 .ok_only = true };
}

static bool measure(const struct threshold *t, const struct threshold_data *data, double *value)
{
    const struct stats_scope scope = scope_of(t, data);
    struct stats_counts ends;
    stats_count(data->stats, &scope, &ends);
    if (t->metric == THRESHOLD_ERRORS) {
        *value = ends.n_done > 0 ? (double)ends.n_err / (double)ends.n_done : 0;
        return ends.n_done > 0;
    }
    if (t->metric == THRESHOLD_RATE) {
        const uint64_t active_ns = time_of(data, scope.streams);
        *value = active_ns > 0 ? (double)ends.n_ok * 1e9 / (double)active_ns : 0;
        return active_ns > 0;
    }
    return time_value(t, stats_values(data->stats, &scope, STATS_HEADLINE, data->scratch), value);
}

struct threshold_result thresholds_judge_one(const struct threshold *t, const struct threshold_data *data)
{
    double value;
    const bool is_known = measure(t, data, &value);
    return (struct threshold_result){ .text = t->text,
                                      .scope = *t->scope ? t->scope : "all",
                                      .unit = threshold_unit(t),
                                      .value = is_known ? value : NAN,
                                      .held = is_known && threshold_holds(t, value) };
}

int thresholds_judge(const struct threshold_data *data, struct verdict *verdict, struct err *e)
{
    const struct plan *plan = data->plan;
    if (plan->n_thresholds == 0)
        return 0;
    verdict->thresholds = calloc(plan->n_thresholds, sizeof *verdict->thresholds);
    if (!verdict->thresholds)
        return err_set(e, ERR_FAILED, "out of memory while judging the run");
    for (; verdict->n_thresholds < plan->n_thresholds; verdict->n_thresholds++) {
        struct threshold_result *result = &verdict->thresholds[verdict->n_thresholds];
        *result = thresholds_judge_one(&plan->thresholds[verdict->n_thresholds], data);
        verdict->n_missed += !result->held;
    }
    return 0;
}

/* A second in which no request ended, as in a pause, misses nothing; one with errors alone misses every time.
 */
static bool is_missed(const struct threshold *t, const struct threshold_data *data)
{
    const struct threshold_result result = thresholds_judge_one(t, data);
    const struct stats_scope scope = scope_of(t, data);
    struct stats_counts ends;
    if (isfinite(result.value) || t->metric == THRESHOLD_RATE)
        return isfinite(result.value) && !result.held;
    stats_count(data->stats, &scope, &ends);
    return ends.n_done > 0;
}

bool thresholds_abort(const struct threshold_data *data)
{
    for (size_t i = 0; i < data->plan->n_thresholds; i++) {
        const struct threshold *t = &data->plan->thresholds[i];
        if (t->aborts && is_missed(t, data))
            return true;
    }
    return false;
}
