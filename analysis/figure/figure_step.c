#include "figure_step.h"

#include "dataset.h"

#include <math.h>

struct attempts figure_step_attempts(const struct dataset *data, size_t arm, size_t step)
{
    struct attempts a = { .ok = dataset_step(data, arm, step) };
    if (!data->counts.cells)
        return a;
    const struct counts_cell *cell = dataset_cell(data, arm, step);
    const uint64_t censored_n = cell->by_outcome_n[OUTCOME_CENSORED];
    a.n_censored = censored_n < cell->timed_bad_n ? censored_n : cell->timed_bad_n;
    a.n_failed = cell->timed_bad_n - a.n_censored;
    return a;
}

double figure_step_ms(const struct attempts *a, uint32_t p_ppm)
{
    const struct attempt_time time = attempts_time(a, p_ppm);
    const uint64_t ns = time.state == ATTEMPT_EXACT      ? time.value_ns
                        : time.state == ATTEMPT_AT_LEAST ? time.at_least_ns
                                                         : 0;
    return ns > 0 ? (double)ns / 1e6 : NAN;
}
