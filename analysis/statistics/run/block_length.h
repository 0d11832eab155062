/* How many consecutive values make a block, so that blocks may be treated as independent: the length starts
 * at one and doubles until the block means hardly remember their predecessor. */
#ifndef STATISTICS_BLOCK_LENGTH_H
#define STATISTICS_BLOCK_LENGTH_H

#include <stdbool.h>
#include <stddef.h>

struct block_length {
    size_t length;          /* values per block, at least 1 */
    double autocorrelation; /* lag-1, of the means of blocks of that length */
    bool capped; /* a tenth of the series was reached first: rely on several runs, not on this one */
};

/* Chooses the shortest length 1, 2, 4, ... whose block means have a lag-1 autocorrelation below 0.2, at most
 * n / 10. */
struct block_length block_length_choose(const double *x, size_t n);
/* Lag-1 autocorrelation of the means of the n / length whole blocks; 0 when they do not vary. */
double block_length_autocorrelation(const double *x, size_t n, size_t length);

#endif
