/* Compares the two clusters of one run: ratios with intervals from its seconds. They describe that run,
 * not how runs differ. */
#include "comparison.h"
#include "dataset.h"
#include "text_out.h"
#include "within.h"
#include "within_sentence.h"
#include "within_sides.h"

bool comparison_has_within(enum sample_value value)
{
    return sample_value_of(value) != SAMPLE_PER_INSTANCE;
}

static struct run_interval ratio(const struct dataset *data, size_t a, size_t b, enum sample_value value)
{
    const bool is_less = sample_value_of(value) == SAMPLE_LESS_GENERATOR;
    struct run_interval (*const percentile)(const struct dataset *, size_t, uint32_t) =
        is_less ? within_percentile_less_g : within_percentile;
    const uint32_t p_ppm = sample_value_ppm(value);
    const bool is_rate = value == SAMPLE_RATE;
    const struct run_interval of_a = is_rate ? within_rate(data, a) : percentile(data, a, p_ppm),
                              of_b = is_rate ? within_rate(data, b) : percentile(data, b, p_ppm);
    return run_interval_ratio(&of_b, &of_a);
}

/* The sentences of a report of the run. NULL where a cluster has no attempts, or memory is short. */
static char *answer_of(const struct dataset *data)
{
    struct within_sides within;
    struct text_out text;
    char *answer = NULL;
    if (within_sides_init(&within, data)) {
        if (text_out_begin(&text)) {
            if (within_sentence(text.file, &within.sides[0], &within.sides[1])) {
                fputs(" ", text.file);
                within_doubt(text.file, data->run.scenario);
            }
        }
        answer = text_out_end(&text);
    }
    within_sides_fini(&within);
    return answer;
}

void comparison_within(struct comparison *c, const struct dataset *data, size_t a, size_t b)
{
    c->within_run = true;
    c->answer = answer_of(data);
    c->ks = ks_between(data->latency[a], data->latency[b]);
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        if (comparison_has_within((enum sample_value)i))
            c->within[i] = ratio(data, a, b, (enum sample_value)i);
}
