/* Statistics of made seconds, for tests. */
#ifndef TEST_MADE_SECOND_H
#define TEST_MADE_SECOND_H

#include "plan.h"
#include "random.h"
#include "stats.h"
#include "stats_query.h"

#include <math.h>
#include <stdlib.h>

/* Lognormal around 2 ms (Box and Muller). */
static inline uint64_t made_time_ns(struct random *r)
{
    const double radius = sqrt(2 * random_exponential(r));
    return (uint64_t)(2e6 * exp(0.5 * radius * cos(6.283185307179586 * random_uniform(r))));
}

/* `n` good answers to the stream in its phase `k`, each time recorded in the metrics, bit by bit. */
static inline void made_answers(struct stats *stats, const struct plan *plan, size_t stream, size_t k,
                                uint64_t n, uint32_t metrics, struct random *r)
{
    const uint32_t phase = (uint32_t)(plan->streams[stream].first_phase_index + k);
    struct stats_times *cell = stats_times(stats, phase, OUTCOME_OK);
    stats->streams[stream].n_sent += n;
    stats->streams[stream].bytes[0].rx += 900 * n;
    for (uint64_t i = 0; i < n; i++) {
        stats_count_outcome(stats, phase, OUTCOME_OK);
        status_counts_count(&stats->streams[stream].statuses, 200);
        for (uint32_t m = 0; m < N_METRICS; m++)
            if (metrics >> m & 1)
                stats_times_add(cell, (enum metric)m, made_time_ns(r));
    }
}

/* The same in the headline metric. */
static inline void made_good(struct stats *stats, const struct plan *plan, size_t stream, size_t k,
                             uint64_t n, struct random *r)
{
    made_answers(stats, plan, stream, k, n, 1u << stats_headline(&plan->streams[stream]), r);
}

#endif
