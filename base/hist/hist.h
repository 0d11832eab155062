/* The log-linear histogram: 3 significant digits from 1 ns to 1 hour, laid out as HdrHistogram with lowest
 * 1, highest 3.6e12 and 3 digits, so that counts can be written as HdrHistogram V2 and merged exactly.
 * Recording is the hot path: one index computation and one increment. One thread owns a histogram at a
 * time; nothing here locks.
 *
 * A histogram is dense, with a counter for every bin, or compact, with a list of the bins in use, so that
 * thousands with a few values each cost as little as those values do. A dense one stays so and needs no
 * more memory, ever. A compact one grows, and becomes dense when values are recorded one by one, for
 * speed, or when its list would be long. Values for which there is no memory are lost, and counted as
 * such.
 *
 * Layout: HdrHistogram's HistogramData (sub-bucket count 2048, unit magnitude 0). */
#ifndef BASE_HIST_H
#define BASE_HIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HIST_LOWEST_NS  UINT64_C(1)
#define HIST_HIGHEST_NS UINT64_C(3600000000000)
enum {
    HIST_DIGITS = 3,
    HIST_HALF_BITS = 10,   /* log2 of half the sub-buckets */
    HIST_N_COUNTS = 33792, /* (32 buckets + 1) * 1024 */
};

/* A bin in use of a compact histogram. */
struct hist_bin {
    uint32_t index, count;
};

struct hist {
    uint64_t *counts;      /* dense: [HIST_N_COUNTS]; NULL: compact. Owned; see hist_count */
    uint64_t n;            /* sum of all counts */
    uint64_t n_overflow;   /* values above HIST_HIGHEST_NS; they are counted in the last bin as well */
    uint64_t min_ns;       /* exact; UINT64_MAX when empty */
    uint64_t max_ns;       /* exact; 0 when empty */
    uint64_t sum_ns;       /* exact */
    uint64_t n_lost;       /* values that found no memory; they are in none of the above */
    struct hist_bin *bins; /* compact: in rising order of the index; owned */
    uint32_t n_bins, n_bins_most;
    struct hist *next; /* for lists of the owner's */
};

/* Returns an owned, empty, dense histogram, whose untouched counters take no memory, or NULL. Freed by
 * hist_free, which accepts NULL. */
struct hist *hist_new(void);
/* The same, compact. */
struct hist *hist_new_compact(void);
void hist_free(struct hist *h);
/* Empties it; costs only the range in use. It stays dense or compact, and keeps its memory. */
void hist_clear(struct hist *h);
/* Adds every count of `from`, and what it lost; exact and associative. */
void hist_merge(struct hist *into, const struct hist *from);
/* Value at a percentile, by nearest rank: r = max(1, ceil(p * n)) in integers (p in parts per million). The
 * result is the highest value equivalent to the bin of rank r, as HdrHistogram prints it, but no more than
 * the maximum; 0 when empty. */
uint64_t hist_value_at_ppm(const struct hist *h, uint32_t p_ppm);
/* The nearest rank itself: (p_ppm * n + 999999) / 10^6 in 128 bits, at least 1. */
uint64_t hist_rank(uint64_t n, uint32_t p_ppm);
/* Index of the bin that holds the value of 1-based rank `rank`, which must be in 1..n. */
uint32_t hist_index_of_rank(const struct hist *h, uint64_t rank);
/* How many values are in bins that begin above the limit. */
uint64_t hist_n_above(const struct hist *h, uint64_t limit_ns);
/* How many of n values have a rank above that of the percentile. */
uint64_t hist_n_beyond(uint64_t n, uint32_t p_ppm);
/* "p50", "p99.9"; returns `out`, which has HIST_PERCENTILE_BYTES. */
enum { HIST_PERCENTILE_BYTES = 24 };
const char *hist_percentile_name(uint32_t p_ppm, char *out);

/* The bounds of a bin. The first two rows of 1024 bins are 1 ns wide, each further row doubles the width. */
static inline unsigned hist_width_bits(uint32_t index)
{
    const uint32_t row = index >> HIST_HALF_BITS;
    return row - (row > 0);
}

static inline uint64_t hist_lowest_ns(uint32_t index)
{
    const unsigned bits = hist_width_bits(index);
    return (uint64_t)(index - (bits << HIST_HALF_BITS)) << bits;
}

static inline uint64_t hist_highest_ns(uint32_t index)
{
    return hist_lowest_ns(index) + (UINT64_C(1) << hist_width_bits(index)) - 1;
}

static inline uint32_t hist_index(uint64_t value_ns)
{
    const unsigned bits = 64u - (unsigned)__builtin_clzll(value_ns | 2047u);
    const unsigned bucket = bits - (HIST_HALF_BITS + 1);
    const uint32_t sub = (uint32_t)(value_ns >> bucket);
    return ((bucket + 1) << HIST_HALF_BITS) + sub - (1u << HIST_HALF_BITS);
}

/* The lowest bin in use, HIST_N_COUNTS when there is none, and the highest, 0 when there is none: `for (i =
 * hist_first(h); i <= hist_last(h); i++)` goes through them. */
static inline uint32_t hist_first(const struct hist *h)
{
    return h->n == 0 ? HIST_N_COUNTS : hist_index(h->min_ns < HIST_HIGHEST_NS ? h->min_ns : HIST_HIGHEST_NS);
}
static inline uint32_t hist_last(const struct hist *h)
{
    return h->n == 0 ? 0 : hist_index(h->max_ns < HIST_HIGHEST_NS ? h->max_ns : HIST_HIGHEST_NS);
}
/* How many bins are in use. */
uint32_t hist_n_bins(const struct hist *h);
/* How many values are in a bin. */
uint64_t hist_count_listed(const struct hist *h, uint32_t index);
static inline uint64_t hist_count(const struct hist *h, uint32_t index)
{
    return h->counts ? h->counts[index] : hist_count_listed(h, index);
}

/* The slow paths of hist_add and hist_add_bin, for a compact histogram. False when memory is short; the
 * values are then counted as lost. */
bool hist_add_compact(struct hist *h, uint32_t index);
bool hist_add_bin_compact(struct hist *h, uint32_t index, uint64_t count);

static inline void hist_add(struct hist *h, uint64_t value_ns)
{
    const bool is_beyond = value_ns > HIST_HIGHEST_NS;
    const uint32_t index = hist_index(__builtin_expect(is_beyond, 0) ? HIST_HIGHEST_NS : value_ns);
    if (__builtin_expect(h->counts != NULL, 1))
        h->counts[index]++;
    else if (!hist_add_compact(h, index))
        return;
    if (__builtin_expect(is_beyond, 0))
        h->n_overflow++;
    h->n++;
    h->sum_ns += value_ns;
    if (value_ns < h->min_ns)
        h->min_ns = value_ns;
    if (value_ns > h->max_ns)
        h->max_ns = value_ns;
}

/* Adds `count` values, perhaps 0, to the bin `index`, as a log reader does; min, max and sum take the bin's
 * bounds and middle. Whether a count is 0 is unpredictable there, so it is tested only where the other half
 * of the condition is rare. The layout has bins above the highest value, which some other writers fill: they
 * count as overflow, as in hist_add. */
static inline void hist_add_bin(struct hist *h, uint32_t index, uint64_t count)
{
    const bool is_beyond = index > hist_index(HIST_HIGHEST_NS);
    if (__builtin_expect(is_beyond, 0))
        index = hist_index(HIST_HIGHEST_NS);
    const uint64_t low_ns = hist_lowest_ns(index);
    const uint64_t high_ns = hist_highest_ns(index);
    if (__builtin_expect(h->counts != NULL, 1))
        h->counts[index] += count;
    else if (count == 0 || !hist_add_bin_compact(h, index, count))
        return;
    if (__builtin_expect(is_beyond, 0))
        h->n_overflow += count;
    h->n += count;
    h->sum_ns += count * (low_ns + (high_ns - low_ns) / 2);
    if (low_ns < h->min_ns && count > 0)
        h->min_ns = low_ns;
    if (high_ns > h->max_ns && count > 0)
        h->max_ns = high_ns;
}

#endif
