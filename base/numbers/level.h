/* Did the medians of a run's seconds stay at one level? Percentiles of a run that changed mix two populations
 * and describe neither. The level changed if the statistic of changepoint.h on the logarithms exceeds its
 * limit and the change is large (30 %), or at least 5 % and not explained by seconds that resemble their
 * predecessors. If they do, and nothing was found, steadiness cannot be judged. */
#ifndef BASE_LEVEL_H
#define BASE_LEVEL_H

#include <stddef.h>

struct err;

enum { LEVEL_SECONDS_LEAST = 60 };
#define LEVEL_CHANGE_LEAST   .05
#define LEVEL_CHANGE_LARGE   .30
#define LEVEL_DEPENDENT_FROM .5 /* lag-1 autocorrelation of the residuals, above: the seconds depend */

enum level_answer {
    LEVEL_UNKNOWN, /* too few seconds */
    LEVEL_STEADY,
    LEVEL_CHANGED,
    LEVEL_DEPENDENT, /* seconds depend on each other; not judged */
};

struct level {
    enum level_answer answer;
    size_t at;         /* seconds before the largest change */
    double change;     /* level after it / level before it - 1 (geometric means) */
    double g;          /* statistic */
    double dependence; /* lag-1 autocorrelation about both levels, without its bias */
};

/* Judges the medians of whole seconds in order, all of one phase; values that are not positive are left out.
 */
int level_judge(const double *median, size_t n, struct level *out, struct err *e);

#endif
