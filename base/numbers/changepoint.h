/* Where did the level of a series change most? The self-normalised statistic compares the means on either
 * side of each place with the spread of partial sums, so that values that depend on their predecessors are
 * not mistaken for a change, as they are by rank tests. (X. Shao, X. Zhang, JASA 105, 2010.) */
#ifndef BASE_CHANGEPOINT_H
#define BASE_CHANGEPOINT_H

#include <stddef.h>

struct err;

#define CHANGEPOINT_LIMIT 68.6 /* `g` above: chance exceeds it in one series of a hundred */

struct changepoint {
    size_t at; /* values before the change; 1 to n - 1 */
    double g;  /* the largest statistic; INFINITY for two levels without any noise */
};

/* From n >= 2 values in order of time, in O(n). */
int changepoint_find(const double *x, size_t n, struct changepoint *out, struct err *e);

#endif
