#include "sample_size.h"

#include "noncentral.h"
#include "prob.h"

#include <math.h>

static double two_sided_z(double confidence)
{
    return prob_normal_quantile((1 + confidence) / 2);
}

uint64_t sample_size_for_upper_bound(double p, double confidence)
{
    return (uint64_t)ceil(log1p(-confidence) / log(p));
}

uint64_t sample_size_for_interval(double p, double confidence)
{
    return (uint64_t)ceil(log((1 - confidence) / 2) / log(p));
}

uint64_t sample_size_for_tail(uint32_t p_ppm, uint64_t n_beyond)
{
    const uint64_t tail_ppm = 1000000u - p_ppm;
    return (n_beyond * 1000000u + tail_ppm - 1) / tail_ppm;
}

uint64_t sample_size_for_rank(double p, double half_width, double confidence)
{
    const double z = two_sided_z(confidence);
    return (uint64_t)ceil(z * z * p * (1 - p) / (half_width * half_width));
}

double sample_size_half_width_exponential(double p, uint64_t n_beyond, double confidence)
{
    return two_sided_z(confidence) / (sqrt((double)n_beyond) * -log1p(-p));
}

double sample_size_half_width_pareto(double index, uint64_t n_beyond, double confidence)
{
    return two_sided_z(confidence) / (index * sqrt((double)n_beyond));
}

/* x with P(X > x) = alpha for the central chi-square. */
static double chi_square_critical(double df, double alpha)
{
    double too_small = 0;
    double enough = df + 1;
    while (prob_chi_square_upper(enough, df) > alpha)
        enough *= 2;
    for (int i = 0; i < 60; i++) {
        const double middle = (too_small + enough) / 2;
        if (prob_chi_square_upper(middle, df) > alpha)
            too_small = middle;
        else
            enough = middle;
    }
    return enough;
}

double sample_size_noncentrality(unsigned k, double alpha, double power)
{
    if (k < 2)
        return NAN;
    const double df = k - 1;
    const double critical = chi_square_critical(df, alpha);
    double too_small = 0;
    double enough = 1;
    while (noncentral_chi_square_upper(critical, df, enough) < power)
        enough *= 2;
    for (int i = 0; i < 60; i++) {
        const double middle = (too_small + enough) / 2;
        if (noncentral_chi_square_upper(critical, df, middle) < power)
            too_small = middle;
        else
            enough = middle;
    }
    return enough;
}

uint64_t sample_size_for_imbalance(unsigned k, double delta, double alpha, double power)
{
    if (k < 2)
        return 0;
    return (uint64_t)ceil(sample_size_noncentrality(k, alpha, power) * (k - 1) / (delta * delta));
}
