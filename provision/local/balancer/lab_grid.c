#include "lab_grid.h"

#include "units.h"

enum { PERIODS_MOST = 150 };

void lab_grid_init(struct lab_grid *grid, uint64_t start_ns, uint64_t end_ns)
{
    static const unsigned lengths_s[] = { 1, 10, 60, 300, 3600 };
    const size_t n_lengths = sizeof lengths_s / sizeof lengths_s[0];
    const uint64_t start_s = start_ns / NS_PER_S;
    const uint64_t end_s = end_ns / NS_PER_S;
    *grid = (struct lab_grid){ .start_ms = start_ns / NS_PER_MS, .end_ms = end_ns / NS_PER_MS };
    for (size_t i = 0; i < n_lengths; i++) {
        const unsigned length_s = lengths_s[i];
        grid->period_s = length_s;
        grid->first_s = start_s - start_s % length_s;
        grid->n = (size_t)((end_s - grid->first_s) / length_s + 1);
        if (grid->n <= PERIODS_MOST)
            return;
    }
}

size_t lab_grid_of(const struct lab_grid *grid, uint64_t unix_s)
{
    const uint64_t index = unix_s < grid->first_s ? grid->n : (unix_s - grid->first_s) / grid->period_s;
    return index < grid->n ? (size_t)index : grid->n;
}
