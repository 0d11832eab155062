#include "within.h"

#include "attempts.h"
#include "dataset.h"
#include "facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The whole measured steps of an arm, with its times from `by_step`. Owned; NULL when memory is short. */
static struct run_second *steps_of(const struct dataset *data, size_t arm, struct hist *const *by_step,
                                   size_t *n)
{
    struct run_second *seconds = calloc(data->axis.n_steps + 1, sizeof *seconds);
    size_t *steps = calloc(data->axis.n_steps + 1, sizeof *steps);
    *n = 0;
    if (seconds && steps)
        *n = facts_whole_steps(data, arm, steps);
    for (size_t i = 0; i < *n; i++) {
        const struct hist *ok = by_step[arm * data->axis.n_steps + steps[i]];
        const struct counts_cell *cell = dataset_cell(data, arm, steps[i]);
        seconds[i] = (struct run_second){ .ok = ok,
                                          .n_attempts = (ok ? ok->n : 0) + cell->timed_bad_n,
                                          .n_good = cell->ok_n };
    }
    free(steps);
    return seconds;
}

struct run_second *within_seconds(const struct dataset *data, size_t arm, size_t *n)
{
    return steps_of(data, arm, data->by_step, n);
}

const char *within_no_seconds(const struct dataset *data)
{
    return data->counts.cells ? NULL : "intervals.csv is missing or broken";
}

static struct run_interval unknown(const char *why)
{
    struct run_interval interval = { .value = NAN, .lo = NAN, .hi = NAN };
    snprintf(interval.why, sizeof interval.why, "%s", why);
    return interval;
}

/* Seconds are counted by intervals.csv. */
static struct run_interval explained(const struct dataset *data, struct run_interval interval)
{
    if (within_no_seconds(data))
        snprintf(interval.why, sizeof interval.why, "%s", within_no_seconds(data));
    return interval;
}

static struct run_interval percentile(const struct dataset *data, size_t arm, const struct attempts *all,
                                      struct hist *const *by_step, uint32_t p_ppm)
{
    size_t n;
    struct run_second *seconds = steps_of(data, arm, by_step, &n);
    if (!seconds)
        return unknown("out of memory");
    const struct run_interval interval = run_interval_of_percentile(all, seconds, n, p_ppm);
    free(seconds);
    return explained(data, interval);
}

struct run_interval within_percentile(const struct dataset *data, size_t arm, uint32_t p_ppm)
{
    return percentile(data, arm, dataset_attempts(data, arm), data->by_step, p_ppm);
}

struct run_interval within_percentile_less_g(const struct dataset *data, size_t arm, uint32_t p_ppm)
{
    struct hist *less = hist_new();
    if (!less)
        return unknown("out of memory");
    const struct attempts all = dataset_attempts_less_g(data, arm, less);
    const struct run_interval interval = less->n > 0
                                             ? percentile(data, arm, &all, data->less_g_by_step, p_ppm)
                                             : unknown("the generator's share is unknown");
    hist_free(less);
    return interval;
}

struct run_interval within_rate(const struct dataset *data, size_t arm)
{
    size_t n;
    struct run_second *seconds = steps_of(data, arm, data->by_step, &n);
    if (!seconds)
        return unknown("out of memory");
    const struct run_interval interval =
        run_interval_of_rate(facts_of_arm(data, arm).per_s, seconds, n, data->axis.step_s);
    free(seconds);
    return explained(data, interval);
}
