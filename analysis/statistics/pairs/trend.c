#include "trend.h"

#include <math.h>

static int sign(double x)
{
    return (x > 0) - (x < 0);
}

/* How many values equal that of `i`; 0 unless `i` is the first of them. */
static double tied(const double *values, size_t n, size_t i)
{
    double t = 0;
    for (size_t k = 0; k < n; k++) {
        if (values[k] != values[i]) /* NOLINT: ties are equal exactly; NAN equals nothing */
            continue;
        if (k < i)
            return 0;
        t++;
    }
    return t;
}

struct trend trend_of(const double *values, size_t n)
{
    double s = 0, n_known = 0, n_ties = 0, correction = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i]))
            continue;
        n_known++;
        for (size_t k = 0; k < i; k++)
            s += isfinite(values[k]) ? sign(values[i] - values[k]) : 0;
        const double t = tied(values, n, i);
        n_ties += t * (t - 1) / 2;
        correction += t * (t - 1) * (2 * t + 5);
    }
    const double n_comparisons = n_known * (n_known - 1) / 2;
    const double variance = (n_known * (n_known - 1) * (2 * n_known + 5) - correction) / 18;
    if (n_known < 2 || !(variance > 0))
        return (struct trend){ NAN, NAN };
    const double z = fmax(fabs(s) - 1, 0) / sqrt(variance);
    return (struct trend){ .tau = s / sqrt(n_comparisons * (n_comparisons - n_ties)),
                           .p = erfc(z / sqrt(2)) };
}
