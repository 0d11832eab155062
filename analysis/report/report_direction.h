/* What one run may say of its two clusters at a percentile: a direction only if its own interval carries it,
 * neither time is loadgen's doing, and the cluster that wins does not fail more. */
#ifndef REPORT_DIRECTION_H
#define REPORT_DIRECTION_H

#include "attempts.h"
#include "run_interval.h"

#include <stdbool.h>
#include <stdint.h>

struct dataset;

enum report_direction_kind {
    REPORT_SLOWER,       /* the second cluster is */
    REPORT_FASTER,       /* the second cluster is */
    REPORT_NOT_APART,    /* the interval of the ratio includes 1, or the ratio lies within the margin */
    REPORT_NO_INTERVAL,  /* `ratio.why` */
    REPORT_FAILURES,     /* the one that would win fails more */
    REPORT_BY_GENERATOR, /* a time is mostly loadgen's own doing, or twice its visible share explains the
                            ratio */
    REPORT_NO_TIME,      /* neither has a time, or one has only a bound */
};

struct report_direction {
    uint32_t p_ppm;
    enum report_direction_kind kind;
    struct attempt_time a, b; /* of the first and the second cluster */
    struct run_interval ratio;
};

struct report_direction report_direction_at(const struct dataset *data, uint32_t p_ppm);

/* Whether the second cluster failed a larger share of its attempts than the first (1), a smaller one (-1), or
 * neither (0): by more than a tenth of what lies beyond the percentile, and more than chance makes if
 * failures are independent. */
int report_direction_of_failures(const struct dataset *data, uint32_t p_ppm);

#endif
