#include "holm.h"

#include <math.h>
#include <stdbool.h>

static const double OPEN = -1;

/* The smallest p not yet adjusted; n when none is left. */
static size_t next_smallest(const double *p, const double *adjusted, size_t n)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++) {
        const bool is_open = adjusted[i] < 0;
        if (is_open && (best == n || p[i] < p[best]))
            best = i;
    }
    return best;
}

void holm_adjust(const double *p, size_t n, double *adjusted)
{
    size_t n_left = 0;
    for (size_t i = 0; i < n; i++) {
        adjusted[i] = isnan(p[i]) ? NAN : OPEN;
        n_left += isnan(p[i]) ? 0 : 1;
    }
    double reached = 0;
    for (; n_left > 0; n_left--) {
        const size_t i = next_smallest(p, adjusted, n);
        reached = fmax(reached, fmin(1, (double)n_left * p[i]));
        adjusted[i] = reached;
    }
}
