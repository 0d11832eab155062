/* Probability distributions in double precision: what confidence intervals and tests are made of. Pure
 * functions, safe in any thread. Arguments outside the stated ranges give NAN, never a plausible number. DLMF
 * is NIST's Digital Library of Mathematical Functions, https://dlmf.nist.gov; A&S is Abramowitz and Stegun.
 */
#ifndef BASE_PROB_H
#define BASE_PROB_H

#include <stdint.h>

/* Regularised incomplete beta function I_x(a, b), a > 0, b > 0, 0 <= x <= 1. DLMF 8.17.2; continued
 * fraction 8.17.22. */
double prob_beta(double a, double b, double x);

/* P(X <= k) for X ~ Binomial(n, p), 0 <= p <= 1; 0 for k < 0, 1 for k >= n. DLMF 8.17.5. */
double prob_binomial_cdf(int64_t k, uint64_t n, double p);

/* P(X >= x) for X ~ chi-square with df > 0 degrees of freedom, x >= 0; keeps its relative precision where it
 * is small. A&S 26.4.19. */
double prob_chi_square_upper(double x, double df);

/* P(Z <= z) and P(Z >= z) for Z ~ Normal(0, 1). */
double prob_normal_cdf(double z);
double prob_normal_upper(double z);
/* z with P(Z <= z) = p, 0 < p < 1. A&S 26.2.23 polished by Halley's method to full precision. */
double prob_normal_quantile(double p);

/* P(T <= t) for Student's T with df > 0 degrees of freedom (need not be whole). A&S 26.7.1 with DLMF 8.17.2.
 */
double prob_student_cdf(double t, double df);
/* t with P(T <= t) = p, 0 < p < 1. */
double prob_student_quantile(double p, double df);

#endif
