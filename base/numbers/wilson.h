/* Intervals for shares such as error rates, k of n, that stay valid where p +- 1.96 s fails, as at 0 of n.
 * E. B. Wilson, JASA 22, 1927; the difference: R. G. Newcombe, Statistics in Medicine 17, 1998, method 10. */
#ifndef BASE_WILSON_H
#define BASE_WILSON_H

#include <stdint.h>

struct wilson {
    double share; /* k / n, or the difference of two shares */
    double lo, hi;
};

/* Score interval for k of n at a confidence such as 0.95; all NAN when n = 0. */
struct wilson wilson_interval(uint64_t k, uint64_t n, double confidence);
/* Interval for the share of B minus the share of A; all NAN when either has no trials. */
struct wilson wilson_difference(uint64_t k_a, uint64_t n_a, uint64_t k_b, uint64_t n_b, double confidence);

#endif
