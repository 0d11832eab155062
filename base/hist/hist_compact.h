/* The list of a compact histogram, and its way to a dense one. For hist.c alone; see hist.h. */
#ifndef BASE_HIST_COMPACT_H
#define BASE_HIST_COMPACT_H

#include "hist.h"

/* Counters for all bins, all 0, whose pages cost memory once they are touched; NULL when there is none. Freed
 * by hist_counts_free, which accepts NULL. */
uint64_t *hist_counts_new(void);
void hist_counts_free(uint64_t *counts);

/* Adds the counts of `from` to a dense histogram, and nothing else. */
void hist_add_counts(struct hist *dense, const struct hist *from);
/* Adds the counts of `from` to the list or, when that would be too long, makes `into` dense first. False when
 * memory is short; nothing was added then. */
bool hist_compact_merge(struct hist *into, const struct hist *from);

#endif
