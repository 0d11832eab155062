#include "poisson.h"

#include "err.h"
#include "order.h"

#include <math.h>
#include <stdlib.h>

static const struct {
    double level, critical;
} REJECTED[] = { { .01, 1.957 }, { .025, 1.606 }, { .05, 1.341 }, { .10, 1.078 }, { .15, .922 } };

static double level_of(double a2_star)
{
    for (size_t i = 0; i < sizeof REJECTED / sizeof REJECTED[0]; i++)
        if (a2_star > REJECTED[i].critical)
            return REJECTED[i].level;
    return 1;
}

/* `x` ascends and is in units of the mean. */
static double anderson_darling(const double *x, size_t n)
{
    const double size = (double)n;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double log_below = log(-expm1(-x[i]));
        const double log_above = -x[n - 1 - i];
        sum += (2 * (double)i + 1) * (log_below + log_above);
    }
    return -size - sum / size;
}

static double distance_from_exponential(const double *x, size_t n)
{
    const double size = (double)n;
    double farthest = 0;
    for (size_t i = 0; i < n; i++) {
        const double share = -expm1(-x[i]);
        farthest = fmax(farthest, fmax(((double)i + 1) / size - share, share - (double)i / size));
    }
    return farthest;
}

int poisson_test_gaps(const double *gap, size_t n, double resolution, struct poisson_gaps *out, struct err *e)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += fmax(gap[i], resolution);
    if (n < 2 || !(sum > 0))
        return err_set(e, ERR_FAILED,
                       "the test for exponential gaps needs at least two gaps that are not all 0, not %zu",
                       n);
    double *x = order_sorted_copy(gap, n, e);
    if (!x)
        return -1;
    out->mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        x[i] = fmax(x[i], resolution) / out->mean;
    out->a2 = anderson_darling(x, n);
    out->a2_star = out->a2 * (1 + 0.6 / (double)n);
    out->level = level_of(out->a2_star);
    out->distance = distance_from_exponential(x, n);
    free(x);
    return 0;
}

double poisson_dispersion(const uint64_t *time_ns, size_t n, uint64_t start_ns, uint64_t end_ns,
                          uint64_t window_ns)
{
    const uint64_t n_windows = end_ns > start_ns ? (end_ns - start_ns) / window_ns : 0;
    if (n_windows < POISSON_WINDOWS_LEAST)
        return NAN;
    size_t i = 0;
    while (i < n && time_ns[i] < start_ns)
        i++;
    double mean = 0;
    double squares = 0;
    for (uint64_t w = 0; w < n_windows; w++) {
        double count = 0;
        for (; i < n && time_ns[i] - start_ns < (w + 1) * window_ns; i++)
            count++;
        const double before = count - mean;
        mean += before / (double)(w + 1);
        squares += before * (count - mean);
    }
    return mean > 0 ? squares / (double)(n_windows - 1) / mean : NAN;
}
