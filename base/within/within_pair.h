/* What one run may say of two of its clusters at a percentile: a direction only if its own interval carries
 * it, and if neither time is loadgen's doing. Where one fails more, the times do not compare at all. */
#ifndef BASE_WITHIN_PAIR_H
#define BASE_WITHIN_PAIR_H

#include "attempts.h"
#include "run_interval.h"

#include <stddef.h>
#include <stdint.h>

struct claims;

/* One of the clusters; everything is borrowed. */
struct within_side {
    const char *name;    /* in sentences: "m4" */
    const char *cluster; /* whose claims are its */
    const struct claims *claims;
    struct attempts attempts;         /* outside of warm-up, in the metric in which clusters are compared */
    const struct run_second *seconds; /* whole measured seconds, or longer steps, in order */
    size_t n_seconds;
    const char *no_seconds; /* why they are unknown; NULL: they are known */
};

enum within_direction_kind {
    WITHIN_SLOWER,       /* the second cluster is */
    WITHIN_FASTER,       /* the second cluster is */
    WITHIN_NOT_APART,    /* the interval of the ratio includes 1, or the ratio lies within the margin */
    WITHIN_NO_INTERVAL,  /* `ratio.why` */
    WITHIN_BY_GENERATOR, /* a time may be loadgen's own doing, or twice its visible share explains the
                            ratio */
    WITHIN_NO_TIME,      /* neither has a time, or one has only a bound */
};

struct within_direction {
    uint32_t p_ppm;
    enum within_direction_kind kind;
    struct attempt_time a, b; /* of the first and the second cluster */
    struct run_interval ratio;
};

/* B against A; within_failures must be 0 there. */
struct within_direction within_direction_at(const struct within_side *a, const struct within_side *b,
                                            uint32_t p_ppm);

/* Whether B failed a larger share of its attempts than A (1), a smaller one (-1), or neither (0): by more
 * than a tenth of what lies beyond the percentile, and more than chance makes if failures are independent
 * (Newcombe's interval). */
int within_failures(const struct within_side *a, const struct within_side *b, uint32_t p_ppm);

#endif
