/* How many pairs of runs it takes: the chance that a paired comparison finds an effect or shows equivalence,
 * the pairs needed for that chance, and the smallest effect that a number of pairs can find. Effects and
 * margins are logarithms of ratios (ln 1.05), sd is the standard deviation of the pairs' log ratios. */
#ifndef STATISTICS_POWER_H
#define STATISTICS_POWER_H

#include <stddef.h>

enum { POWER_MOST_PAIRS = 10000 };

/* Chance that the two-sided t test at level alpha over n >= 2 pairs rejects "no effect" when the effect is
 * what is given. Exact for normal log ratios: the noncentral t. */
double power_of_effect(size_t n, double effect, double sd, double alpha);
/* Chance that the interval of confidence 1 - 2 alpha lies within +-margin (two one-sided tests) when the
 * effect is what is given. A slight underestimate when both sides matter. D. Schuirmann, J. Pharmacokinetics
 * and Biopharmaceutics 15, 1987. */
double power_of_equivalence(size_t n, double effect, double margin, double sd, double alpha);

/* The fewest pairs with at least that power; 0 when POWER_MOST_PAIRS are not enough or sd is not positive. */
size_t power_pairs_for_effect(double effect, double sd, double alpha, double power);
size_t power_pairs_for_equivalence(double effect, double margin, double sd, double alpha, double power);
/* The smallest effect that n pairs find with that power; NAN when n < 2 or sd is unknown. */
double power_detectable_effect(size_t n, double sd, double alpha, double power);

#endif
