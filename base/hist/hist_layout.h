/* The layout of any HdrHistogram, from a lowest value, a highest value and a number of significant digits.
 * hist.h spells out the one that we record with, for speed; this is the general rule, needed to read logs of
 * other writers. Follows HdrHistogram's AbstractHistogram (https://hdrhistogram.org). */
#ifndef BASE_HIST_LAYOUT_H
#define BASE_HIST_LAYOUT_H

#include <stdint.h>

struct hist_layout {
    uint64_t lowest, highest; /* as configured */
    unsigned digits;
    unsigned unit_bits; /* log2 of the width of the narrowest bin */
    unsigned half_bits; /* log2 of half the bins of a bucket */
    uint32_t n_buckets;
    uint32_t n_counts;
};

/* -1 when HdrHistogram has no such layout: it requires 1 <= lowest, 2 * lowest <= highest < 2^63, 0 to 5
 * digits, and lowest and digits together within 62 bits. */
int hist_layout_init(struct hist_layout *layout, uint64_t lowest, uint64_t highest, unsigned digits);

#endif
