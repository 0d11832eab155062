#include "hist_layout.h"

static unsigned floor_log2(uint64_t value)
{
    return 63u - (unsigned)__builtin_clzll(value);
}

/* For 2 and above. */
static unsigned ceil_log2(uint64_t value)
{
    return floor_log2(value - 1) + 1;
}

int hist_layout_init(struct hist_layout *layout, uint64_t lowest, uint64_t highest, unsigned digits)
{
    if (lowest < 1 || highest > INT64_MAX || lowest > highest / 2 || digits > 5)
        return -1;
    uint64_t single_unit_values = 2; /* values below have a bin of their own */
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
