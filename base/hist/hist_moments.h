/* Mean and standard deviation of a histogram's values. */
#ifndef BASE_HIST_MOMENTS_H
#define BASE_HIST_MOMENTS_H

#include "hist.h"

/* Exact where sum_ns is; NAN when it is empty. */
double hist_mean_ns(const struct hist *h);
/* Of the population, from the middles of the bins: right to the width of a bin, 0.1 %. NAN when it is empty.
 */
double hist_stdev_ns(const struct hist *h);

#endif
