/* Values put in order: sorted copies, medians, mid-ranks. Shared by the rank methods. No value may be NAN. */
#ifndef BASE_ORDER_H
#define BASE_ORDER_H

#include <stddef.h>

struct err;

/* Sorts in place, ascending. */
void order_sort(double *x, size_t n);
/* Returns an owned sorted copy of n values, or NULL with `e` set when memory is short. */
double *order_sorted_copy(const double *x, size_t n, struct err *e);
/* Median of sorted values, the mean of the two middle ones when n is even; NAN when n = 0. */
double order_median_of_sorted(const double *sorted, size_t n);
/* Writes to rank[i] the 1-based rank of x[i]; equal values share the mean of their ranks. `ties`, unless
 * NULL, receives the sum of t^3 - t over the groups of t equal values, the correction of rank tests. */
int order_mid_ranks(const double *x, size_t n, double *rank, double *ties, struct err *e);

#endif
