#include "whole_seconds.h"

#include "arms.h"
#include "dataset.h"

#include <stdbool.h>
#include <string.h>

/* Whether the arm sent at that time, and not for warm-up. NaN, never begun, compares false. */
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

size_t whole_seconds(const struct dataset *data, size_t arm, double *per_s)
{
    const double step_s = data->axis.step_s;
    size_t n = 0;
    for (size_t step = 0; data->counts.cells && step < data->axis.n_steps; step++) {
        const struct counts_cell *cell = dataset_cell(data, arm, step);
        if (!cell->partial && cell->covered_s > step_s - 1e-6 &&
            is_measured(data, arm, ((double)step + .5) * step_s))
            per_s[n++] = (double)cell->ok_n / step_s;
    }
    return n;
}
