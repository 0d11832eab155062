/* Controls: the same cluster measured twice, as the two runs of a pair are. If its first runs differ from its
 * second ones, something besides the cluster made a difference; a claim must be clear without it.
 *
 * Absolute values: a control compares the first run with the second. In balanced orders such a shift cancels
 * in the pairs' centre, so it may not simply be subtracted. */
#ifndef STATISTICS_DECIDE_CONTROLS_H
#define STATISTICS_DECIDE_CONTROLS_H

#include "decide_interval.h"

#include <stdbool.h>
#include <stddef.h>

struct centre;

/* The difference that the controls are to confirm. */
struct decide_effect {
    const struct centre
        *pairs;  /* NULL when the pairs have no centre: then the spread is that of the controls */
    double size; /* the pairs' log ratio; may be infinite */
    double confidence;
};

struct decide_control {
    size_t n;                     /* control pairs of two exact times */
    size_t n_lost;                /* the others: one of the runs has no exact time */
    struct decide_interval ratio; /* geometric mean; lo and hi need two controls */
    double least, most;           /* of the single controls' ratios */
    bool is_shifted;              /* the interval excludes 1, */
    struct decide_interval left;  /* and this is left of the pairs' ratio; lo and hi NAN without a centre */
};

/* From the log ratios of k controls. */
struct decide_control decide_control_of(const double *log_ratio, size_t k,
                                        const struct decide_effect *effect);
/* Whether the difference stands: the controls are not shifted, or what is left is beyond the margin and
 * excludes 1. */
bool decide_control_permits(const struct decide_control *c, const struct decide_effect *effect,
                            double log_margin);

#endif
