/* Did it matter which arm of a pair ran first, and did the ratio drift over the campaign? Both would speak
 * against the pairs. */
#ifndef STATISTICS_ORDER_EFFECT_H
#define STATISTICS_ORDER_EFFECT_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct order_effect {
    size_t n_a_first, n_b_first;
    double
        ratio_a_first; /* geometric mean of B / A over the pairs that ran A first; NAN when there are none */
    double ratio_b_first;
    double p; /* of no difference between the two: Mann-Whitney, exact for small campaigns; NAN when either
                 has none */
    double drift_per_pair; /* factor by which the ratio changes from pair to pair, by Theil-Sen; NAN with
                              fewer than two pairs */
    double drift_p;        /* of no drift: Mann-Kendall */
};

/* From the log ratios of n pairs in the order in which they ran; `place` ascends strictly, so that a missing
 * pair leaves a gap. */
int order_effect_find(const double *log_ratio, const bool *b_first, const double *place, size_t n,
                      struct order_effect *out, struct err *e);

#endif
