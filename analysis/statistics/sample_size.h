/* How many samples a statement needs before it can be made at all. For independent samples: under load,
 * multiply by the variance inflation (10 to 50 for a p99 near saturation). p is a percentile as a share, such
 * as 0.99. */
#ifndef STATISTICS_SAMPLE_SIZE_H
#define STATISTICS_SAMPLE_SIZE_H

#include <stdint.h>

/* The fewest samples whose maximum bounds the percentile from above with that confidence: p^n <= 1 -
 * confidence. */
uint64_t sample_size_for_upper_bound(double p, double confidence);
/* The fewest samples for which a two-sided order-statistics interval has an upper end: p^n <= (1 -
 * confidence) / 2. */
uint64_t sample_size_for_interval(double p, double confidence);
/* The fewest samples that put n_beyond of them beyond the percentile: n (1 - p) >= n_beyond, in integers. */
uint64_t sample_size_for_tail(uint32_t p_ppm, uint64_t n_beyond);
/* The fewest samples for which the percentile's rank is known to +- half_width (as a share): z^2 p (1 - p) /
 * half_width^2. */
uint64_t sample_size_for_rank(double p, double half_width, double confidence);

/* Relative half-width of a percentile's interval when n_beyond samples lie beyond it: of an exponential tail
 * z / (sqrt(n_beyond) ln(1 / (1 - p))), and of a Pareto tail with that index z / (index sqrt(n_beyond)). */
double sample_size_half_width_exponential(double p, uint64_t n_beyond, double confidence);
double sample_size_half_width_pareto(double index, uint64_t n_beyond, double confidence);

/* The noncentrality that gives the chi-square test over k instances that power; n delta^2 / (k - 1) when one
 * of k instances gets a share smaller by the fraction delta. NAN when k < 2. */
double sample_size_noncentrality(unsigned k, double alpha, double power);
/* The requests it takes to notice that; 0 when k < 2. */
uint64_t sample_size_for_imbalance(unsigned k, double delta, double alpha, double power);

#endif
