/* Did it matter which arm of a pair ran first? Then the pairs are not comparable. */
#ifndef STATISTICS_ORDER_EFFECT_H
#define STATISTICS_ORDER_EFFECT_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct order_effect {
    size_t n_a_first, n_b_first;
    double ratio_a_first; /* geometric mean of B / A over the pairs that ran A first; NAN without any */
    double ratio_b_first;
    /* Of no difference between the two: Mann-Whitney, exact for small campaigns; NAN without either. */
    double p;
};

/* From the log ratios of n pairs. */
int order_effect_find(const double *log_ratio, const bool *b_first, size_t n, struct order_effect *out,
                      struct err *e);

#endif
