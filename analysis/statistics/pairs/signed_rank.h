/* The distribution-free counterpart of the paired t interval: the Hodges-Lehmann centre of the
 * differences, the interval of Wilcoxon's signed rank test, and its exact p. Assumes only that differences
 * are symmetric about their centre. F. Wilcoxon, Biometrics Bulletin 1, 1945; J. Hodges, E. Lehmann,
 * Annals of Mathematical Statistics 34, 1963. */
#ifndef STATISTICS_SIGNED_RANK_H
#define STATISTICS_SIGNED_RANK_H

#include <stddef.h>

struct err;

enum { SIGNED_RANK_MOST = 1000 }; /* time grows with n cubed */

struct signed_rank {
    double centre; /* median of the n (n + 1) / 2 Walsh averages (d_i + d_j) / 2, i <= j */
    size_t k; /* the interval is from the k-th smallest to the k-th largest average; 0 when n is too small */
    double lo, hi;   /* NAN when k = 0 */
    double coverage; /* actual coverage, at least the confidence; NAN when k = 0 */
    double w_plus;   /* sum of the mid-ranks of |d| where d > 0; zeros are left out, as Wilcoxon did */
    double p;        /* two-sided and exact, by all assignments of signs; 1 when every difference is 0 */
};

/* From 1 to SIGNED_RANK_MOST differences. */
int signed_rank_interval(const double *difference, size_t n, double confidence, struct signed_rank *out,
                         struct err *e);

#endif
