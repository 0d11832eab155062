/* Compares the two clusters of one run: ratios with intervals from its seconds. They describe that run,
 * not how runs differ. */
#include "bootstrap.h"
#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "facts.h"
#include "throughput.h"
#include "timeline.h"

#include <math.h>
#include <stdlib.h>

enum { SECONDS_LEAST = 4 };

enum comparison_method comparison_method_within(enum sample_value value)
{
    if (value == SAMPLE_RATE)
        return COMPARISON_BLOCKS;
    return sample_value_of(value) == SAMPLE_PER_INSTANCE ? COMPARISON_NO_METHOD : COMPARISON_BOOTSTRAP;
}

static double ratio_of(const struct comparison *c, enum sample_value value)
{
    return c->pairs[0].b.value[value] / c->pairs[0].a.value[value];
}

static void resample(struct comparison *c, const struct dataset *data, enum sample_value value)
{
    struct timeline *const *t =
        sample_value_of(value) == SAMPLE_LESS_GENERATOR ? data->seconds_less_g : data->seconds;
    struct bootstrap_params params = bootstrap_defaults;
    const uint32_t p_ppm = sample_value_ppm(value);
    struct bootstrap_ratio ratio;
    struct err ignored;
    params.seed = data->run.seed;
    if (isfinite(ratio_of(c, value)) && t[0]->n_units >= SECONDS_LEAST && t[1]->n_units >= SECONDS_LEAST &&
        !bootstrap_ratios(t[0], t[1], &p_ppm, 1, &params, &ratio, &ignored))
        c->within[value] = (struct decide_interval){ ratio.ratio, ratio.lo, ratio.hi };
}

static struct throughput throughput_of_arm(const struct dataset *data, size_t arm, double *per_s)
{
    return throughput_of(per_s, facts_whole_seconds(data, arm, per_s), decide_defaults.confidence);
}

/* The ratio counts all requests, including those of partial seconds. */
static void compare_rates(struct comparison *c, const struct dataset *data)
{
    double *per_s = calloc(data->axis.n_steps + 1, sizeof *per_s);
    if (!per_s)
        return;
    const struct throughput a = throughput_of_arm(data, 0, per_s), b = throughput_of_arm(data, 1, per_s);
    const struct throughput_ratio whole = throughput_ratio_of(&a, &b);
    const double ratio = ratio_of(c, SAMPLE_RATE);
    if (isfinite(ratio) && isfinite(whole.lo) && a.n_blocks >= SECONDS_LEAST && b.n_blocks >= SECONDS_LEAST)
        c->within[SAMPLE_RATE] =
            (struct decide_interval){ ratio, ratio * whole.lo / whole.ratio, ratio * whole.hi / whole.ratio };
    free(per_s);
}

void comparison_within(struct comparison *c, const struct dataset *data)
{
    c->within_run = true;
    c->ks = ks_between(data->latency[0], data->latency[1]);
    compare_rates(c, data);
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        if (comparison_method_within((enum sample_value)i) == COMPARISON_BOOTSTRAP)
            resample(c, data, (enum sample_value)i);
}
