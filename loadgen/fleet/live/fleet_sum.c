#include "fleet_sum.h"

#include "err.h"
#include "hist.h"
#include "plan.h"
#include "reduction.h"
#include "stats.h"
#include "stats_merge.h"
#include "thresholds.h"
#include "units.h"

int fleet_sum_init(struct fleet_sum *s, const struct plan *plan, const struct phase_clock *phases,
                   uint32_t n_ranks, struct err *e)
{
    *s = (struct fleet_sum){ .plan = plan,
                             .phases = phases,
                             .n_ranks = n_ranks,
                             .run = stats_new(plan),
                             .scratch = { hist_new(), hist_new() } };
    if (s->run && s->scratch[0] && s->scratch[1])
        return 0;
    fleet_sum_fini(s);
    return err_set(e, ERR_FAILED, "out of memory for the fleet's sum");
}

void fleet_sum_fini(struct fleet_sum *s)
{
    stats_free(s->run);
    hist_free(s->scratch[0]);
    hist_free(s->scratch[1]);
    *s = (struct fleet_sum){ 0 };
}

void fleet_sum_add(struct fleet_sum *s, const struct reduced *second)
{
    stats_add_second(s->run, second->sum);
    s->n_told_all += second->n_told;
    if (second->second + 1 < s->n_seconds)
        return;
    s->n_told_last = (second->second + 1 == s->n_seconds ? s->n_told_last : 0) + second->n_told;
    s->n_seconds = second->second + 1;
    s->end_ns = second->second * NS_PER_S + second->length_ns;
}

/* Whether enough shares are in the sum to judge by. */
static bool can_judge(const struct fleet_sum *s, const struct threshold *t)
{
    const uint64_t n_all = s->n_seconds * s->n_ranks;
    if (t->metric == THRESHOLD_RATE)
        return s->n_told_all == n_all;
    return 10 * s->n_told_all >= 9 * n_all && 10 * (uint64_t)s->n_told_last >= 9 * (uint64_t)s->n_ranks;
}

bool fleet_sum_misses_threshold(const struct fleet_sum *s, uint64_t t0_ns)
{
    const struct threshold_data data = { .plan = s->plan,
                                         .phases = s->phases,
                                         .stats = s->run,
                                         .end_ns = t0_ns + s->end_ns,
                                         .scratch = s->scratch };
    for (size_t i = 0; s->n_seconds > 0 && i < s->plan->n_thresholds; i++) {
        const struct threshold *t = &s->plan->thresholds[i];
        if (t->aborts && can_judge(s, t) && thresholds_is_missed(t, &data))
            return true;
    }
    return false;
}
