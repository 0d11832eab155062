/* Compares the two clusters of one run: ratios with intervals from its seconds. They describe that run,
 * not how runs differ. */
#include "comparison.h"
#include "dataset.h"
#include "within.h"

bool comparison_has_within(enum sample_value value)
{
    return sample_value_of(value) != SAMPLE_PER_INSTANCE;
}

static struct run_interval ratio_less_g(const struct dataset *data, uint32_t p_ppm)
{
    const struct run_interval a = within_percentile_less_g(data, 0, p_ppm),
                              b = within_percentile_less_g(data, 1, p_ppm);
    return run_interval_ratio(&b, &a);
}

void comparison_within(struct comparison *c, const struct dataset *data)
{
    c->within_run = true;
    c->ks = ks_between(data->latency[0], data->latency[1]);
    for (int i = 0; i < N_SAMPLE_VALUES; i++) {
        const enum sample_value value = (enum sample_value)i;
        const uint32_t p_ppm = sample_value_ppm(value);
        if (!comparison_has_within(value))
            continue;
        c->within[value] = value == SAMPLE_RATE                              ? within_ratio_of_rates(data)
                           : sample_value_of(value) == SAMPLE_LESS_GENERATOR ? ratio_less_g(data, p_ppm)
                                                                             : within_ratio(data, p_ppm);
    }
}
