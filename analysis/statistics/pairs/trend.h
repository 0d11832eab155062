/* Did a number rise or fall over the runs of a campaign? Kendall's tau against the order of the runs, by the
 * test of Mann: pairs of runs of which the later is higher, less those of which it is lower. H. B. Mann,
 * Econometrica 13, 1945. */
#ifndef STATISTICS_TREND_H
#define STATISTICS_TREND_H

#include <stddef.h>

struct trend {
    double tau; /* -1 to 1; NAN of fewer than two values, or if all are equal */
    double p;   /* two-sided, normal approximation with continuity and ties; NAN as tau */
};

/* From n values in the order of running; values that are not finite are left out. */
struct trend trend_of(const double *values, size_t n);

#endif
