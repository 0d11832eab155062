#include "quantile.h"

#include "attempts.h"
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

struct quantile_interval quantile_interval(const struct attempts *a, uint32_t p_ppm, double confidence)
{
    const struct quantile_ranks ranks = quantile_ranks(attempts_n(a), p_ppm, confidence);
    struct quantile_interval interval = { 0 };
    if (ranks.low > 0) {
        const struct attempt_time low = attempts_time_of_rank(a, ranks.low);
        interval.has_low = low.state == ATTEMPT_EXACT || low.state == ATTEMPT_AT_LEAST;
        interval.low_ns =
            low.state == ATTEMPT_EXACT ? hist_lowest_ns(hist_index(low.value_ns)) : low.at_least_ns;
    }
    if (ranks.high > 0) {
        const struct attempt_time high = attempts_time_of_rank(a, ranks.high);
        interval.has_high = high.state == ATTEMPT_EXACT;
        interval.high_ns = high.value_ns;
    }
    return interval;
}
