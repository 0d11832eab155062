#include "hist_layout.h"

static unsigned floor_log2(uint64_t value)
{
    return 63u - (unsigned)__builtin_clzll(value);
}

/* Of 2 and more. */
static unsigned ceil_log2(uint64_t value)
{
    return floor_log2(value - 1) + 1;
}

int hist_layout_init(struct hist_layout *layout, uint64_t lowest, uint64_t highest, unsigned digits)
{
    if (lowest < 1 || highest > INT64_MAX || lowest > highest / 2 || digits > 5)
        return -1;
    uint64_t single_unit_values = 2; /* so many values must be told apart one by one */
    for (unsigned i = 0; i < digits; i++)
        single_unit_values *= 10;
    const unsigned sub_bits = ceil_log2(single_unit_values);
    const unsigned unit_bits = floor_log2(lowest);
    if (unit_bits + sub_bits > 62)
        return -1;
    uint32_t n_buckets = 1;
    for (uint64_t beyond = UINT64_C(1) << (sub_bits + unit_bits); beyond <= highest; beyond <<= 1)
        n_buckets++;
    *layout = (struct hist_layout){
        .lowest = lowest,
        .highest = highest,
        .digits = digits,
        .unit_bits = unit_bits,
        .half_bits = sub_bits - 1,
        .n_buckets = n_buckets,
        .n_counts = (n_buckets + 1) << (sub_bits - 1),
    };
    return 0;
}

uint32_t hist_layout_index(const struct hist_layout *layout, uint64_t value)
{
    const uint64_t first_bucket = ((UINT64_C(2) << layout->half_bits) - 1) << layout->unit_bits;
    const unsigned bucket = floor_log2(value | first_bucket) - layout->unit_bits - layout->half_bits;
    const uint32_t sub = (uint32_t)(value >> (bucket + layout->unit_bits));
    return (bucket << layout->half_bits) + sub;
}

/* log2 of the width of a bin: the first two half rows of counters belong to bucket 0, each further one to the
 * next. */
static unsigned width_bits(const struct hist_layout *layout, uint32_t index)
{
    const uint32_t row = index >> layout->half_bits;
    return (row > 0 ? row - 1 : 0) + layout->unit_bits;
}

uint64_t hist_layout_lowest(const struct hist_layout *layout, uint32_t index)
{
    const uint32_t half = UINT32_C(1) << layout->half_bits;
    const uint64_t sub = (index & (half - 1)) + (index >= half ? half : 0);
    return sub << width_bits(layout, index);
}

uint64_t hist_layout_highest(const struct hist_layout *layout, uint32_t index)
{
    return hist_layout_lowest(layout, index) + (UINT64_C(1) << width_bits(layout, index)) - 1;
}
