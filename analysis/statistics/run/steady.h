/* Where the warm-up ends: MSER-5, the cut after which the mean is most precise. K. P. White, Simulation 69,
 * 1997. */
#ifndef STATISTICS_STEADY_H
#define STATISTICS_STEADY_H

#include <stdbool.h>
#include <stddef.h>

enum { STEADY_BATCH = 5 };

struct steady {
    size_t n_batches;
    size_t cut_batches; /* batches to drop at the start */
    size_t cut_values;  /* the same in values */
    double statistic;   /* at the cut; NAN when there are fewer than two batches */
    bool at_boundary;   /* the best cut is half of the series, the longest tried: the run is too short */
};

/* Finds the cut in a series of single values, such as medians of seconds, from the means of batches of five;
 * a remainder is ignored. `z` receives the n / 5 batch means. */
struct steady steady_of_values(const double *x, size_t n, double *z);

#endif
