/* Did the level change at some point, and when? Pettitt's test, which finds the second in which a T2 runs out
 * of credits. A. N. Pettitt, Applied Statistics 28, 1979. */
#ifndef BASE_CHANGEPOINT_H
#define BASE_CHANGEPOINT_H

#include <stddef.h>

struct err;

struct changepoint {
    size_t at;            /* values before the change */
    double k;             /* max |U_t|, U_t = 2 (sum of the first t mid-ranks) - t (n + 1) */
    double p;             /* about 2 exp(-6 k^2 / (n^3 + n^2)), at most 1; assumes independent values */
    double before, after; /* medians on either side */
};

/* From n >= 2 values in order of time. */
int changepoint_find(const double *x, size_t n, struct changepoint *out, struct err *e);

#endif
