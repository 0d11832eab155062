/* The two clusters of a run folder, for what one run may say of them (base/within). */
#ifndef WITHIN_SIDES_H
#define WITHIN_SIDES_H

#include "within_pair.h"

#include <stdbool.h>

struct dataset;
struct run_second;

struct within_sides {
    struct within_side sides[2];
    struct run_second *seconds[2]; /* owned */
};

/* False where there are not two clusters with attempts, or memory is short. Borrows the dataset. Call
 * within_sides_fini in every case. */
bool within_sides_init(struct within_sides *w, const struct dataset *data);
void within_sides_fini(struct within_sides *w);

#endif
