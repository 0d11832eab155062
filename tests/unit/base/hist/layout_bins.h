/* Ground truth: the bins of any HdrHistogram layout by the general rule of AbstractHistogram, against which
 * the one layout that hist.h spells out is checked, and the counters of an encoded histogram of any layout.
 */
#ifndef TESTS_LAYOUT_BINS_H
#define TESTS_LAYOUT_BINS_H

#include "hist_layout.h"
#include "hlog_codec.h"
#include "zigzag.h"

#include <stdbool.h>

static inline unsigned floor_log2(uint64_t value)
{
    return 63u - (unsigned)__builtin_clzll(value);
}

/* Index of the bin of a value up to `highest`. */
static inline uint32_t layout_index(const struct hist_layout *layout, uint64_t value)
{
    const uint64_t first_bucket = ((UINT64_C(2) << layout->half_bits) - 1) << layout->unit_bits;
    const unsigned bucket = floor_log2(value | first_bucket) - layout->unit_bits - layout->half_bits;
    const uint32_t sub = (uint32_t)(value >> (bucket + layout->unit_bits));
    return (bucket << layout->half_bits) + sub;
}

/* log2 of the width of a bin: the first two half rows of counters belong to bucket 0, each further one to the
 * next. */
static inline unsigned width_bits(const struct hist_layout *layout, uint32_t index)
{
    const uint32_t row = index >> layout->half_bits;
    return (row > 0 ? row - 1 : 0) + layout->unit_bits;
}

static inline uint64_t layout_lowest(const struct hist_layout *layout, uint32_t index)
{
    const uint32_t half = UINT32_C(1) << layout->half_bits;
    const uint64_t sub = (index & (half - 1)) + (index >= half ? half : 0);
    return sub << width_bits(layout, index);
}

static inline uint64_t layout_highest(const struct hist_layout *layout, uint32_t index)
{
    return layout_lowest(layout, index) + (UINT64_C(1) << width_bits(layout, index)) - 1;
}

/* Takes the next bin that is not empty, in rising order; false when there is none left. */
static inline bool next_bin(struct hlog_bins *bins, uint32_t *index, uint64_t *count)
{
    int64_t number = 0;
    size_t n;
    while (number <= 0 && bins->at < bins->end && (n = zigzag_get(bins->at, bins->end, &number)) > 0) {
        *index = bins->index;
        *count = (uint64_t)number;
        bins->at += n;
        bins->index += number < 0 ? (uint32_t)-number : 1;
    }
    return number > 0;
}

#endif
