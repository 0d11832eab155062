/* The order-statistics interval of one quantile: which two of n sorted values enclose it with a given
 * confidence, whatever the distribution is, as long as the values are independent of each other. Requests
 * under load are not, so such an interval covers the error of sampling only. (H. A. David, H. N. Nagaraja,
 * Order Statistics, 3rd ed., 7.1.) */
#ifndef BASE_QUANTILE_H
#define BASE_QUANTILE_H

#include <stdbool.h>
#include <stdint.h>

struct attempts;

/* 1-based ranks of the lower and the upper bound; 0 where no value is small or large enough. */
struct quantile_ranks {
    uint64_t low, high;
};

/* With X ~ Binomial(n, p): low is the largest j with P(X <= j - 1) <= alpha / 2, high the smallest k with
 * P(X <= k - 1) >= 1 - alpha / 2, alpha = 1 - confidence. */
struct quantile_ranks quantile_ranks(uint64_t n, uint32_t p_ppm, double confidence);

struct quantile_interval {
    bool has_low, has_high;
    uint64_t low_ns, high_ns;
};

/* The interval in ns: the lowest value of the bin that holds rank `low` and the highest of the bin that holds
 * rank `high`, which covers the width of the bins as well. An end among failures is unknown; so is an upper
 * end that is only bounded from below. */
struct quantile_interval quantile_interval(const struct attempts *a, uint32_t p_ppm, double confidence);

#endif
