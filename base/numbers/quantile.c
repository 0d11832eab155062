#include "quantile.h"

#include "hist.h"
#include "prob.h"

#include <math.h>

/* The smallest x in 0..n with P(X <= x) > limit, or >= limit when `or_equal`. Starts at the normal
 * approximation and doubles its steps from there, since the sums of a large n are slow to compute. */
static uint64_t first_above(uint64_t n, double p, double limit, bool or_equal)
{
    const double mean = (double)n * p;
    const double guess = mean + prob_normal_quantile(limit) * sqrt(mean * (1 - p));
    uint64_t low = 0; /* the answer is in low..high */
    uint64_t high = n;
    uint64_t x = guess > 0 ? guess < (double)n ? (uint64_t)guess : n : 0;
    uint64_t step = 1;
    while (low < high) {
        const double below = prob_binomial_cdf((int64_t)x, n, p);
        if (below > limit || (or_equal && below == limit))
            high = x;
        else
            low = x + 1;
        if (x == high)
            x = high - low > step ? high - step : low + (high - low) / 2;
        else
            x = high - low > step ? low + step : low + (high - low) / 2;
        step *= 2;
    }
    return low;
}

struct quantile_ranks quantile_ranks(uint64_t n, uint32_t p_ppm, double confidence)
{
    const double p = (double)p_ppm / 1e6;
    const double tail = (1 - confidence) / 2;
    struct quantile_ranks ranks = { 0, 0 };
    if (n == 0)
        return ranks;
    ranks.low = first_above(n, p, tail, false);
    ranks.high = first_above(n, p, 1 - tail, true) + 1;
    if (ranks.high > n)
        ranks.high = 0;
    return ranks;
}

static uint64_t high_of_rank(const struct hist *h, uint64_t rank)
{
    const uint64_t high_ns = hist_highest_ns(hist_index_of_rank(h, rank));
    return high_ns < h->max_ns ? high_ns : h->max_ns;
}

struct quantile_interval quantile_interval(const struct hist *h, uint32_t p_ppm, double confidence)
{
    const struct quantile_ranks ranks = quantile_ranks(h->n, p_ppm, confidence);
    struct quantile_interval interval = { .has_low = ranks.low > 0, .has_high = ranks.high > 0 };
    if (interval.has_low)
        interval.low_ns = hist_lowest_ns(hist_index_of_rank(h, ranks.low));
    if (interval.has_high)
        interval.high_ns = high_of_rank(h, ranks.high);
    return interval;
}
