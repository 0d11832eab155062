#include "wilson.h"

#include "prob.h"

#include <math.h>

struct wilson wilson_interval(uint64_t k, uint64_t n, double confidence)
{
    if (n == 0)
        return (struct wilson){ NAN, NAN, NAN };
    const double z = prob_normal_quantile((1 + confidence) / 2);
    const double trials = (double)n;
    const double p = (double)k / trials;
    const double z2_per_n = z * z / trials;
    const double centre = (p + z2_per_n / 2) / (1 + z2_per_n);
    const double half = z * sqrt(p * (1 - p) / trials + z2_per_n / (4 * trials)) / (1 + z2_per_n);
    return (struct wilson){
        .share = p,
        .lo = k == 0 ? 0 : fmax(0, centre - half), /* exactly 0 and 1 at the ends, despite rounding */
        .hi = k == n ? 1 : fmin(1, centre + half),
    };
}

struct wilson wilson_difference(uint64_t k_a, uint64_t n_a, uint64_t k_b, uint64_t n_b, double confidence)
{
    const struct wilson a = wilson_interval(k_a, n_a, confidence);
    const struct wilson b = wilson_interval(k_b, n_b, confidence);
    const double difference = b.share - a.share;
    return (struct wilson){
        .share = difference,
        .lo = difference - hypot(b.share - b.lo, a.hi - a.share),
        .hi = difference + hypot(b.hi - b.share, a.share - a.lo),
    };
}
