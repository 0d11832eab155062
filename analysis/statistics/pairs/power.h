/* How many pairs of runs it takes: the chance that a paired comparison detects an effect, the pairs needed
 * for that chance, and the smallest effect that so many pairs detect. Effects are logarithms of ratios
 * (ln 1.05); sd is that of the pairs' log ratios. */
#ifndef STATISTICS_POWER_H
#define STATISTICS_POWER_H

#include <stddef.h>

enum { POWER_MOST_PAIRS = 10000 };

/* Chance that the two-sided t test at level alpha over n >= 2 pairs rejects "no effect", given the effect.
 * Exact for normal log ratios (noncentral t). */
double power_of_effect(size_t n, double effect, double sd, double alpha);
/* The fewest pairs with that power; 0 when POWER_MOST_PAIRS are not enough or sd is not positive. */
size_t power_pairs_for_effect(double effect, double sd, double alpha, double power);
/* The smallest effect that n pairs detect with that power; NAN when n < 2 or sd is unknown. */
double power_detectable_effect(size_t n, double sd, double alpha, double power);

#endif
