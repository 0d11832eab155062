/* The noncentral t distribution: that of the t statistic when there is an effect, from which the power of
 * its test is computed. */
#ifndef STATISTICS_NONCENTRAL_H
#define STATISTICS_NONCENTRAL_H

/* P(T <= t) for the noncentral t with df > 0 and noncentrality delta. R. V. Lenth, Algorithm AS 243, Applied
 * Statistics 38, 1989. */
double noncentral_t_cdf(double t, double df, double delta);

#endif
