/* Does a series drift? Theil and Sen's slope, which is robust against outliers, and the Mann-Kendall test
 * of no trend. H. Theil, Proc. Royal Netherlands Academy 53, 1950; P. K. Sen, JASA 63, 1968; H. B. Mann,
 * Econometrica 13, 1945. */
#ifndef STATISTICS_TREND_H
#define STATISTICS_TREND_H

#include <stddef.h>

struct err;

enum {
    TREND_POINTS_MOST = 1000, /* time and memory grow with the square */
    TREND_EXACT_MOST = 50,    /* points without ties up to which p is exact */
};

struct trend {
    size_t n;         /* points used */
    double slope;     /* median of the slopes of all pairs of points: change per unit of x */
    double intercept; /* median of y - slope x */
    double s;         /* pairs that rise minus pairs that fall */
    double p; /* two-sided, of no trend; exact for few points without ties, else normal with continuity
                 correction */
};

/* From 2 to TREND_POINTS_MOST points with strictly ascending x. */
int trend_of_points(const double *x, const double *y, size_t n, struct trend *out, struct err *e);
/* From values at x = 0, 1, 2, ... Longer series are first averaged in equal groups. */
int trend_of_series(const double *y, size_t n, struct trend *out, struct err *e);

#endif
