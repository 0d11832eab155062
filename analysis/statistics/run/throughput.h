/* Requests per second of one run: the mean count of whole seconds, with an interval from blocks of
 * seconds, which are far less dependent than seconds. It describes this run; runs are compared in pairs. */
#ifndef STATISTICS_THROUGHPUT_H
#define STATISTICS_THROUGHPUT_H

#include "block_length.h"

#include <stddef.h>

struct throughput {
    double mean_per_s;         /* NAN without a whole second */
    double lo_per_s, hi_per_s; /* NAN with fewer than two blocks */
    size_t n_blocks;
    struct block_length block; /* in seconds */
};

struct throughput_ratio {
    double ratio, lo, hi; /* of B's mean to A's; lo and hi are NAN when either interval is unknown */
};

/* Of two independent rates, from their intervals (on the logarithms; G. Zou, A. Donner, "Construction of
 * confidence limits about effect measures", Statistics in Medicine 27, 2008). */
struct throughput_ratio throughput_ratio_of(const struct throughput *a, const struct throughput *b);

/* From the counts of n whole seconds; the caller leaves out partial ones. */
struct throughput throughput_of(const double *count, size_t n, double confidence);

#endif
