/* Is B larger than A, unpaired? Mann and Whitney's U with ties, and the effect size A12. For values of runs:
 * on single requests everything is "significant", and the independence that p assumes is false. H. B. Mann,
 * D. R. Whitney, Annals of Mathematical Statistics 18, 1947; A12: A. Vargha, H. D. Delaney, J. Educational
 * and Behavioral Statistics 25, 2000. */
#ifndef STATISTICS_MANN_WHITNEY_H
#define STATISTICS_MANN_WHITNEY_H

#include <stddef.h>

struct err;

enum { MANN_WHITNEY_EXACT_MOST = 60 }; /* total number of values up to which p_exact is computed */

struct mann_whitney {
    double u;        /* pairs with b > a, plus half of those with b = a */
    double a12;      /* P(B > A) + P(B = A) / 2: .5 no effect, .56 small, .64 medium, .71 large */
    double ties;     /* sum of t^3 - t over the groups of equal values */
    double sigma, z; /* z with continuity correction */
    double p;        /* two-sided, normal approximation */
    double p_exact;  /* two-sided, by all splits of the pooled mid-ranks; NAN for large samples */
};

/* From samples of at least one value each. */
int mann_whitney_test(const double *a, size_t n_a, const double *b, size_t n_b, struct mann_whitney *out,
                      struct err *e);

#endif
