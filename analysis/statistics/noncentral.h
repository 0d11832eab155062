/* The noncentral t and chi-square distributions: what a test's statistic follows when there is an effect, and
 * so what its power is computed from. */
#ifndef STATISTICS_NONCENTRAL_H
#define STATISTICS_NONCENTRAL_H

/* P(T <= t) for the noncentral t with df > 0 and noncentrality delta. R. V. Lenth, Algorithm AS 243, Applied
 * Statistics 38, 1989. */
double noncentral_t_cdf(double t, double df, double delta);
/* P(X > x) for the noncentral chi-square with df > 0 and noncentrality lambda >= 0: a Poisson mixture of
 * central ones. */
double noncentral_chi_square_upper(double x, double df, double lambda);

#endif
