#include "steady.h"

#include <math.h>

/* Finds the cut 0 <= d <= k / 2 with the smallest statistic, the sum over i > d of (z_i - their mean)^2 / (k
 * - d)^2; the first among equals. */
static struct steady of_batches(const double *z, size_t k)
{
    struct steady found = { .n_batches = k, .statistic = NAN };
    if (k < 2)
        return found;
    /* Backwards: mean and squares grow by one batch at a time (Welford), in k steps. */
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
    return of_batches(z, k);
}
