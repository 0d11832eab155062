/* The centre of a few values, such as the log ratios of pairs of runs: their mean, or their trimmed mean,
 * which one broken run does not move. Student's t gives the interval and the p of either, so runs, not
 * requests, are the unit of observation.
 *
 * Trimmed mean: the outer fifths are left out, and the standard error is that of the values with the outer
 * ones set to the innermost kept. J. W. Tukey, D. H. McLaughlin, Sankhya A 25, 1963; K. K. Yuen, Biometrika
 * 61, 1974. */
#ifndef STATISTICS_CENTRE_H
#define STATISTICS_CENTRE_H

#include <stddef.h>

struct err;

struct centre {
    size_t n;      /* values */
    double value;  /* NAN when n = 0 */
    double se, df; /* standard error and degrees of freedom; NAN when n < 2 */
    double sd;     /* of single values: se * sqrt(n) */
};

struct centre centre_mean(const double *x, size_t n);
/* With floor(n / 5) values left out at each end; n >= 2. */
int centre_trimmed(const double *x, size_t n, struct centre *out, struct err *e);

/* Half the width of the t interval; `confidence` such as 0.95. NAN when n < 2, as are the others. */
double centre_half_width(const struct centre *c, double confidence);
/* The quantile of t in that interval. */
double centre_critical(const struct centre *c, double confidence);
/* Two-sided p of a true centre of 0. Without any spread 0 or, if all values are 0, 1. */
double centre_p(const struct centre *c);
/* p of a true centre at +-limit or beyond: the larger of two one-sided tests. D. Schuirmann, J.
 * Pharmacokinetics and Biopharmaceutics 15, 1987. */
double centre_p_beyond(const struct centre *c, double limit);

/* Correlation of each value with the next; NAN when n < 3 or all are equal. */
double centre_lag1(const double *x, size_t n);

#endif
