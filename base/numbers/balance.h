/* Are k counts as even as chance would make them? Pearson's chi-square test of equal shares, the standardised
 * residual of each count, and a band that holds all k counts at once with 95 % (Bonferroni's correction).
 * Round robin is more even than chance: a tiny p_lower is its signature. (A. Agresti, Categorical Data
 * Analysis, 3rd ed., 1.5.2 and 3.3.1.) */
#ifndef BASE_BALANCE_H
#define BASE_BALANCE_H

#include <stddef.h>
#include <stdint.h>

/* What is not defined is NAN: all for k = 0, all but `expected` for k = 1 or a sum of 0. */
struct balance {
    double expected;   /* n / k */
    double sd;         /* standard deviation of one count, sqrt(expected * (1 - 1 / k)) */
    double half_width; /* of the band around `expected` */
    double chi2, df;
    double p_value; /* P(chi-square >= chi2): small when the counts are too uneven for chance */
    double p_lower; /* P(chi-square <= chi2): small when they are too even for it */
};

struct balance balance_of(const uint64_t *counts, size_t k);

#endif
