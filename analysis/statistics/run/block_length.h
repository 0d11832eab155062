/* How many consecutive values make a block, so that blocks can be treated as independent: the length
 * doubles from one until block means are hardly correlated with their predecessors. */
#ifndef STATISTICS_BLOCK_LENGTH_H
#define STATISTICS_BLOCK_LENGTH_H

#include <stdbool.h>
#include <stddef.h>

struct block_length {
    size_t length;          /* values per block, at least 1 */
    double autocorrelation; /* lag-1, of block means */
    bool capped; /* a tenth of the series was reached first: rely on several runs, not on this one */
};

/* Chooses the shortest length 1, 2, 4, ..., at most n / 10, whose block means have a lag-1 autocorrelation
 * below 0.2. */
struct block_length block_length_choose(const double *x, size_t n);
/* Lag-1 autocorrelation of the means of the n / length whole blocks; 0 when they do not vary. */
double block_length_autocorrelation(const double *x, size_t n, size_t length);

#endif
