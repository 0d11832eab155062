#include "thresholds.h"

#include "err.h"
#include "hist.h"
#include "phase_clock.h"
#include "stats_query.h"
#include "threshold_judge.h"
#include "units.h"

#include <stdlib.h>

static struct threshold_measured measure(const struct threshold *t, const struct threshold_data *data)
{
    const struct stats_scope scope = stats_scope_named(data->plan, t->scope);
    struct threshold_measured m = { .attempts = stats_attempts(data->stats, &scope, data->scratch) };
    struct stats_counts ends;
    stats_count(data->stats, &scope, &ends);
    m.sum_ns = m.attempts.ok->sum_ns;
    m.max_ns = m.attempts.ok->max_ns;
    m.n_in_time = ends.n_ok - ends.n_late;
    m.active_ns = phase_active_ns(data->plan, data->phases, scope.streams, data->end_ns);
    return m;
}

struct threshold_result thresholds_judge_one(const struct threshold *t, const struct threshold_data *data)
{
    const struct threshold_measured m = measure(t, data);
    return threshold_judge(t, &m);
}

static int make_room(const struct plan *plan, struct verdict *verdict, struct err *e)
{
    if (plan->n_thresholds == 0)
        return 0;
    verdict->thresholds = calloc(plan->n_thresholds, sizeof *verdict->thresholds);
    return verdict->thresholds ? 0 : err_set(e, ERR_FAILED, "out of memory while judging the run");
}

int thresholds_judge(const struct threshold_data *data, struct verdict *verdict, struct err *e)
{
    const struct plan *plan = data->plan;
    if (make_room(plan, verdict, e))
        return -1;
    for (; verdict->n_thresholds < plan->n_thresholds; verdict->n_thresholds++) {
        struct threshold_result *result = &verdict->thresholds[verdict->n_thresholds];
        *result = thresholds_judge_one(&plan->thresholds[verdict->n_thresholds], data);
        verdict->n_missed += result->held == THRESHOLD_MISSED;
    }
    return 0;
}

int thresholds_leave_open(const struct plan *plan, struct verdict *verdict, struct err *e)
{
    if (make_room(plan, verdict, e))
        return -1;
    for (; verdict->n_thresholds < plan->n_thresholds; verdict->n_thresholds++)
        verdict->thresholds[verdict->n_thresholds] =
            threshold_not_judged(&plan->thresholds[verdict->n_thresholds]);
    return 0;
}

bool thresholds_is_missed(const struct threshold *t, const struct threshold_data *data)
{
    const struct threshold_measured m = measure(t, data);
    const bool has_begun =
        t->metric == THRESHOLD_RATE ? m.active_ns >= NS_PER_S : attempts_n(&m.attempts) > 0;
    return has_begun && threshold_judge(t, &m).held == THRESHOLD_MISSED;
}

bool thresholds_abort(const struct threshold_data *data)
{
    for (size_t i = 0; i < data->plan->n_thresholds; i++) {
        const struct threshold *t = &data->plan->thresholds[i];
        if (t->aborts && thresholds_is_missed(t, data))
            return true;
    }
    return false;
}
