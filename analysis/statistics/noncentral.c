#include "noncentral.h"

#include "prob.h"

#include <math.h>

/* Both series weigh their terms by Poisson probabilities of mean `half`; outside of these bounds the weights
 * are below 1e-18. */
static long first_term(double half)
{
    return (long)fmax(0, floor(half - 10 * sqrt(half) - 10));
}

static long last_term(double half)
{
    return (long)ceil(half + 10 * sqrt(half) + 40);
}

double noncentral_t_cdf(double t, double df, double delta)
{
    if (t < 0)
        return 1 - noncentral_t_cdf(-t, df, -delta);
    const double half = delta * delta / 2;
    const double x = t * t / (df + t * t);
    const double log_half = log(half);
    double sum = 0;
    for (long j = first_term(half); j <= last_term(half); j++) {
        const double k = (double)j;
        const double p = half > 0 ? exp(k * log_half - half - lgamma(k + 1)) : (j == 0 ? 1 : 0);
        const double q = half > 0 ? copysign(exp((k + 0.5) * log_half - half - lgamma(k + 1.5)), delta) : 0;
        sum += p * prob_beta(k + 0.5, df / 2, x) + q * prob_beta(k + 1, df / 2, x);
    }
    return fmin(1, fmax(0, prob_normal_cdf(-delta) + sum / 2));
}

double noncentral_chi_square_upper(double x, double df, double lambda)
{
    const double half = lambda / 2;
    if (!(half > 0))
        return prob_chi_square_upper(x, df);
    double sum = 0;
    for (long j = first_term(half); j <= last_term(half); j++) {
        const double k = (double)j;
        sum += exp(k * log(half) - half - lgamma(k + 1)) * prob_chi_square_upper(x, df + 2 * k);
    }
    return fmin(1, sum);
}
