/* How many times as large B's value is as A's, from pairs of runs. Each pair gives the logarithm of one
 * ratio; their mean and Student's t give the interval. Pairs cancel slow drift, and the unit of
 * observation is the run, not the request. */
#ifndef STATISTICS_PAIRED_H
#define STATISTICS_PAIRED_H

#include <stddef.h>

struct paired {
    size_t n;        /* pairs */
    double mean, sd; /* of the differences; NAN when n < 1 and n < 2 */
    double lo, hi;   /* interval of the mean; NAN when n < 2 */
    double t; /* mean / standard error; infinite, with p = 0, when all differences are equal and not 0 */
    double critical; /* the quantile of t in the interval */
    double p;        /* two-sided, of mean 0; NAN when n < 2 */
};

/* t interval for the mean of n differences; `confidence` such as 0.95. */
void paired_interval(const double *difference, size_t n, double confidence, struct paired *out);
/* Writes ln(b / a) of each pair to `log_ratio`; all values must be positive. exp() of an interval of their
 * mean is that of the ratio. */
void paired_log_ratios(const double *a, const double *b, size_t n, double *log_ratio);

#endif
