#include "truth.h"

#include <math.h>
#include <stdio.h>

void truth_cell(struct truth *t, uint32_t k, uint32_t n, enum truth_side side, double promised)
{
    const double share = n > 0 ? (double)k / n : NAN;
    const double by_chance = .005 + 3.5 * sqrt(fmax(promised * (1 - promised), .002) / n);
    const double worse = side == TRUTH_AT_MOST ? share - promised : promised - share;
    const bool is_missed = side != TRUTH_SHOWN && !(worse <= by_chance);
    printf("  %6.4f%s", share, is_missed ? "!" : " ");
    t->n_missed += is_missed;
}
