/* Do statistics hold a time for every request that they count? */
#ifndef RECORD_STATS_MISSING_H
#define RECORD_STATS_MISSING_H

#include <stddef.h>
#include <stdint.h>

struct stats;
struct plan;

/* By how many values a stream's histograms differ from its counts of outcomes, cell by cell, and metrics
 * recorded in pairs from each other. 0: nothing is missing. */
uint64_t stats_missing(const struct stats *stats, const struct plan *plan, size_t stream);

#endif
