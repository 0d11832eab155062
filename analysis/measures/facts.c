#include "facts.h"

#include "arms.h"
#include "claims.h"
#include "dataset.h"
#include "span.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_meant(const struct run_phase *phase, const char *cluster, const char *scope)
{
    return (!cluster || strcmp(phase->cluster, cluster) == 0) &&
           (!*scope || strcmp(phase->cluster, scope) == 0 || strcmp(phase->stream, scope) == 0);
}

double facts_active_s(const struct run_json *run, const char *cluster, const char *scope)
{
    struct span *spans = calloc(run->n_phases + 1, sizeof *spans);
    size_t n = 0;
    for (size_t i = 0; spans && i < run->n_phases; i++) {
        const struct run_phase *phase = &run->phases[i];
        const bool counts = !phase->warmup && strcmp(phase->kind, "pause") != 0 && isfinite(phase->start_s) &&
                            isfinite(phase->end_s);
        if (counts && is_meant(phase, cluster, scope))
            spans[n++] = (struct span){ (uint64_t)llround(phase->start_s * 1e9),
                                        (uint64_t)llround(phase->end_s * 1e9) };
    }
    const double total_s = (double)span_union_ns(spans, n) / 1e9;
    free(spans);
    return total_s;
}

struct facts facts_of_arm(const struct dataset *data, size_t arm)
{
    const struct claim_row *row = claims_cluster(data->claims, data->arms[arm].cluster);
    return (struct facts){ .ok_n = row->n_ok, .per_s = row->claims[CLAIM_RATE].rate_per_s };
}

/* Whether the arm was active at that time, outside of warm-up. NAN (never began) compares false. */
static bool is_measured(const struct dataset *data, size_t arm, double t_s)
{
    bool is_active = false;
    for (size_t i = 0; i < data->run.n_phases; i++) {
        const struct run_phase *phase = &data->run.phases[i];
        if (strcmp(phase->cluster, data->arms[arm].cluster) != 0 ||
            !(phase->start_s <= t_s && t_s < phase->end_s))
            continue;
        if (phase->warmup)
            return false;
        is_active = is_active || strcmp(phase->kind, "pause") != 0;
    }
    return is_active;
}

size_t facts_whole_steps(const struct dataset *data, size_t arm, size_t *steps)
{
    const double step_s = data->axis.step_s;
    size_t n = 0;
    for (size_t step = 0; data->counts.cells && step < data->axis.n_steps; step++) {
        const struct counts_cell *cell = dataset_cell(data, arm, step);
        if (!cell->partial && cell->covered_s > step_s - 1e-6 &&
            is_measured(data, arm, ((double)step + .5) * step_s))
            steps[n++] = step;
    }
    return n;
}

struct facts_unit facts_unit(const struct dataset *data)
{
    uint64_t most_ns = 0;
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        const uint64_t median_ns = hist_value_at_ppm(data->latency[arm], 500000);
        most_ns = median_ns > most_ns ? median_ns : most_ns;
    }
    if (most_ns > 0 && most_ns < NS_PER_MS)
        return (struct facts_unit){ "us", 1e3 };
    return most_ns < 10 * NS_PER_S ? (struct facts_unit){ "ms", 1e6 } : (struct facts_unit){ "s", 1e9 };
}

const char *facts_headline_words(const struct dataset *data)
{
    return data->headline == METRIC_RESPONSE ? "response time" : "service time";
}
