#include "throughput.h"

#include "mean.h"
#include "prob.h"

#include <math.h>

static double half_width(const double *count, size_t n_blocks, size_t length, double confidence)
{
    const double mean = mean_of(count, n_blocks * length);
    double squares = 0;
    for (size_t i = 0; i < n_blocks; i++) {
        const double deviation = mean_of(count + i * length, length) - mean;
        squares += deviation * deviation;
    }
    const double df = (double)(n_blocks - 1);
    return prob_student_quantile((1 + confidence) / 2, df) * sqrt(squares / df / (double)n_blocks);
}

struct throughput throughput_of(const double *count, size_t n, double confidence)
{
    struct throughput t = { .mean_per_s = NAN, .lo_per_s = NAN, .hi_per_s = NAN, .block = { .length = 1 } };
    if (n == 0)
        return t;
    t.mean_per_s = mean_of(count, n);
    t.block = block_length_choose(count, n);
    t.n_blocks = n / t.block.length;
    if (t.n_blocks < 2)
        return t;
    const double half = half_width(count, t.n_blocks, t.block.length, confidence);
    t.lo_per_s = fmax(0, t.mean_per_s - half);
    t.hi_per_s = t.mean_per_s + half;
    return t;
}

struct throughput_ratio throughput_ratio_of(const struct throughput *a, const struct throughput *b)
{
    struct throughput_ratio r = { .ratio = b->mean_per_s / a->mean_per_s, .lo = NAN, .hi = NAN };
    if (!(a->lo_per_s > 0) || !(b->lo_per_s > 0))
        return r;
    const double down = hypot(log(b->mean_per_s / b->lo_per_s), log(a->hi_per_s / a->mean_per_s));
    const double up = hypot(log(b->hi_per_s / b->mean_per_s), log(a->mean_per_s / a->lo_per_s));
    r.lo = r.ratio * exp(-down);
    r.hi = r.ratio * exp(up);
    return r;
}
