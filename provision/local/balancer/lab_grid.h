/* The periods of the lab's metrics of a run. They start at whole multiples of their length since the epoch,
 * as CloudWatch's do. */
#ifndef PROVISION_LAB_GRID_H
#define PROVISION_LAB_GRID_H

#include <stddef.h>
#include <stdint.h>

struct lab_grid {
    uint64_t start_ms; /* of the run, since the epoch */
    uint64_t end_ms;
    uint64_t first_s; /* start of period 0 */
    unsigned period_s;
    size_t n;
};

/* Chooses the shortest of 1 s, 10 s, 1 min, 5 min, 1 h that divides the run into at most 150 periods. */
void lab_grid_init(struct lab_grid *grid, uint64_t start_ns, uint64_t end_ns);
/* The period of a second; `n` if outside. */
size_t lab_grid_of(const struct lab_grid *grid, uint64_t unix_s);

#endif
