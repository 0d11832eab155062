/* Feeds the seconds of a run to what one run may say of its two clusters (base/within), from memory. */
#ifndef RECORD_RECORDER_WITHIN_H
#define RECORD_RECORDER_WITHIN_H

#include "within_pair.h"
#include "within_steps.h"

#include <stdbool.h>
#include <stddef.h>

struct claims;
struct derived_run;
struct hist;
struct recorder;
struct second;

/* The two clusters that are compared, once made. */
struct recorder_within {
    struct within_side sides[2];
    struct run_second seconds[2][WITHIN_STEPS_MOST];
    struct hist *ok[2], *ages[2]; /* owned */
};

/* Adds a stream's part of a second that is being written. Nothing for a run without two clusters. */
void recorder_within_add(struct recorder *r, const struct second *second, size_t stream, uint64_t length_ns,
                         bool is_partial);
/* Makes the sides at the end of the run. NULL where there are not two clusters with attempts, or memory is
 * short. Owned; names are the description's. */
struct recorder_within *recorder_within_new(struct recorder *r, const struct derived_run *run,
                                            const struct claims *claims, uint64_t duration_ns);
void recorder_within_free(struct recorder_within *w);

#endif
