/* Does the stats hold a time for every request that it counts? */
#ifndef RECORD_STATS_MISSING_H
#define RECORD_STATS_MISSING_H

#include <stddef.h>
#include <stdint.h>

struct stats;
struct plan;

/* How many times a stream's histograms lack, or have too many of, against the outcomes that were counted,
 * cell by cell; times that come in pairs are held against each other. 0: it is whole. */
uint64_t stats_missing(const struct stats *b, const struct plan *plan, size_t stream);

#endif
