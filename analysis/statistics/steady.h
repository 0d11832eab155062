/* Where the warm-up ends: MSER-5, the cut that makes the mean of what is left most precise. (K. P. White,
 * Simulation 69, 1997; S. Robinson, K. Hoad and others compare it favourably.) */
#ifndef STATISTICS_STEADY_H
#define STATISTICS_STEADY_H

#include <stdbool.h>
#include <stddef.h>

enum { STEADY_BATCH = 5 };

struct steady {
    size_t n_batches;
    size_t cut_batches; /* batches to leave out at the start */
    size_t cut_values;  /* the same in values */
    double statistic;   /* at the cut; NAN when there are fewer than two batches */
    bool at_boundary;   /* the best cut is half of the series, the most that is tried: the run is too short to
                           tell */
};

/* Finds the cut 0 <= d <= k / 2 with the least statistic, the sum over i > d of (z_i - their mean)^2 / (k -
 * d)^2, and the first of equals. `z` are batch means. `statistic`, unless NULL, receives the k / 2 + 1
 * statistics. */
struct steady steady_of_batches(const double *z, size_t k, double *statistic);
/* The same from single values, such as the medians of seconds, in batches of five; what does not fill a batch
 * is ignored. `z` needs room for n / 5 batch means. */
struct steady steady_of_values(const double *x, size_t n, double *z);

#endif
