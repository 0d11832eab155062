#include "steadiness.h"

#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "facts.h"
#include "level.h"
#include "units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { P50_PPM = 500000 };

struct steadiness steadiness_of(const double *median, size_t n, double unit_s)
{
    static const enum steadiness_kind kinds[] = { [LEVEL_UNKNOWN] = STEADINESS_UNKNOWN,
                                                  [LEVEL_STEADY] = STEADINESS_STEADY,
                                                  [LEVEL_CHANGED] = STEADINESS_CHANGED,
                                                  [LEVEL_DEPENDENT] = STEADINESS_DEPENDENT };
    struct level level;
    struct err ignored;
    if (level_judge(median, n, &level, &ignored))
        return (struct steadiness){ .kind = STEADINESS_UNKNOWN };
    return (struct steadiness){ .kind = kinds[level.answer],
                                .change = level.change,
                                .at_s = (double)level.at * unit_s };
}

/* Whether the arm had one measured phase of one stream, at one rate or with users. */
static bool load_is_even(const struct dataset *data, size_t arm)
{
    size_t n = 0;
    for (size_t i = 0; i < data->run.n_phases; i++) {
        const struct run_phase *phase = &data->run.phases[i];
        if (phase->warmup || strcmp(phase->cluster, data->arms[arm].cluster) != 0)
            continue;
        if (strcmp(phase->kind, "ramp") == 0 || strcmp(phase->kind, "burst") == 0 ||
            strcmp(phase->kind, "replay") == 0)
            return false;
        n += strcmp(phase->kind, "pause") != 0;
    }
    return n == 1;
}

struct steadiness steadiness_of_arm(const struct dataset *data, size_t arm)
{
    struct steadiness found = { .kind = STEADINESS_UNKNOWN };
    size_t *steps = calloc(data->axis.n_steps + 1, sizeof *steps);
    double *medians = calloc(data->axis.n_steps + 1, sizeof *medians);
    const size_t n = steps && medians && load_is_even(data, arm) ? facts_whole_steps(data, arm, steps) : 0;
    size_t n_medians = 0;
    for (size_t i = 0; i < n; i++) {
        const struct hist *h = dataset_step(data, arm, steps[i]);
        if (h && h->n > 0)
            medians[n_medians++] = (double)hist_value_at_ppm(h, P50_PPM);
    }
    if (n_medians > 0)
        found = steadiness_of(medians, n_medians, data->axis.step_s);
    free(medians);
    free(steps);
    return found;
}

const char *steadiness_words(const struct steadiness *s, char *out, size_t out_bytes)
{
    char size[UNITS_TEXT_BYTES], at[UNITS_TEXT_BYTES];
    *out = '\0';
    if (s->kind == STEADINESS_CHANGED)
        snprintf(out, out_bytes, "its p50 %s by %s %% after %s", s->change > 0 ? "rose" : "fell",
                 units_number_text(100 * fabs(s->change), size),
                 units_duration_text((uint64_t)(s->at_s * 1e9), at));
    else if (s->kind == STEADINESS_DEPENDENT)
        snprintf(out, out_bytes, "its seconds depend on each other");
    return out;
}
