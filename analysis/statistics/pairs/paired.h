/* The headline: how many times as large B's value is as A's, from pairs of runs. Each pair gives the
 * logarithm of one ratio; their mean and Student's t give the interval. Pairs cancel what drifts slowly, and
 * the run, not the request, is what counts as one observation. */
#ifndef STATISTICS_PAIRED_H
#define STATISTICS_PAIRED_H

#include <stddef.h>

struct paired {
    size_t n;        /* pairs */
    double mean, sd; /* of the differences; NAN when n < 1 and n < 2 */
    double lo, hi;   /* interval of the mean; NAN when n < 2 */
    double t; /* mean / standard error; infinite when all differences are equal and not 0, then p is 0 */
    double critical; /* the quantile of t that the interval uses */
    double p;        /* two-sided, of mean 0; NAN when n < 2 */
};

/* t interval for the mean of n differences; `confidence` such as 0.95. */
void paired_interval(const double *difference, size_t n, double confidence, struct paired *out);
/* Writes ln(b / a) of each pair to `log_ratio`; all values must be positive. exp() of the interval's mean, lo
 * and hi is the ratio. */
void paired_log_ratios(const double *a, const double *b, size_t n, double *log_ratio);

#endif
