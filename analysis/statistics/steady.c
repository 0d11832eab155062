#include "steady.h"

#include <math.h>

struct steady steady_of_batches(const double *z, size_t k, double *statistic)
{
    struct steady found = { .n_batches = k, .statistic = NAN };
    if (k < 2)
        return found;
    /* Backwards, so that mean and squares grow by one batch at a time (Welford) and the whole costs k steps.
     */
    double mean = 0;
    double squares = 0;
    for (size_t d = k; d-- > 0;) {
        const double n = (double)(k - d);
        const double before = z[d] - mean;
        mean += before / n;
        squares += before * (z[d] - mean);
        if (d > k / 2)
            continue;
        const double here = squares / (n * n);
        if (statistic)
            statistic[d] = here;
        if (!(here > found.statistic)) {
            found.statistic = here;
            found.cut_batches = d;
        }
    }
    found.cut_values = found.cut_batches * STEADY_BATCH;
    found.at_boundary = found.cut_batches == k / 2;
    return found;
}

struct steady steady_of_values(const double *x, size_t n, double *z)
{
    const size_t k = n / STEADY_BATCH;
    for (size_t i = 0; i < k; i++) {
        z[i] = 0;
        for (size_t j = 0; j < STEADY_BATCH; j++)
            z[i] += x[i * STEADY_BATCH + j] / STEADY_BATCH;
    }
    return steady_of_batches(z, k, NULL);
}
