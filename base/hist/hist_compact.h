/* The counters of a histogram: an array of all bins, or a list of the bins in use that becomes an array when
 * it grows. For hist.c alone; see hist.h. */
#ifndef BASE_HIST_COMPACT_H
#define BASE_HIST_COMPACT_H

#include "hist.h"

/* Zeroed counters for all bins, whose pages take memory once touched; NULL when memory is short. Freed by
 * hist_counts_free, which accepts NULL. */
uint64_t *hist_counts_new(void);
void hist_counts_free(uint64_t *counts);

/* Adds the counts of `from` to a dense histogram, and nothing else. */
void hist_add_counts(struct hist *dense, const struct hist *from);
/* Adds the counts of `from` to the list or, if that would grow too long, makes `into` dense first. False when
 * memory is short; then nothing was added. */
bool hist_compact_merge(struct hist *into, const struct hist *from);

#endif
