#include "power.h"

#include "noncentral.h"
#include "prob.h"

#include <math.h>

static double two_sided_power(size_t n, double effect, double sd, double critical)
{
    const double df = (double)(n - 1);
    const double delta = fabs(effect) / sd * sqrt((double)n);
    return 1 - noncentral_t_cdf(critical, df, delta) + noncentral_t_cdf(-critical, df, delta);
}

double power_of_effect(size_t n, double effect, double sd, double alpha)
{
    return two_sided_power(n, effect, sd, prob_student_quantile(1 - alpha / 2, (double)(n - 1)));
}

/* Power grows with n: doubles n until it is enough, then bisects. Starting low keeps the noncentrality,
 * and so the cost, small. */
size_t power_pairs_for_effect(double effect, double sd, double alpha, double power)
{
    if (!(sd > 0) || !isfinite(effect))
        return 0;
    size_t too_few = 1;
    size_t enough = 2;
    while (power_of_effect(enough, effect, sd, alpha) < power) {
        if (enough == POWER_MOST_PAIRS)
            return 0;
        too_few = enough;
        enough = 2 * enough < POWER_MOST_PAIRS ? 2 * enough : POWER_MOST_PAIRS;
    }
    while (enough - too_few > 1) {
        const size_t middle = too_few + (enough - too_few) / 2;
        if (power_of_effect(middle, effect, sd, alpha) >= power)
            enough = middle;
        else
            too_few = middle;
    }
    return enough;
}

double power_detectable_effect(size_t n, double sd, double alpha, double power)
{
    if (n < 2 || !(sd > 0))
        return n >= 2 && sd == 0 ? 0 : NAN;
    const double critical = prob_student_quantile(1 - alpha / 2, (double)(n - 1));
    double too_small = 0;
    double enough = sd;
    while (two_sided_power(n, enough, sd, critical) < power)
        enough *= 2;
    for (int i = 0; i < 40; i++) {
        const double middle = (too_small + enough) / 2;
        if (two_sided_power(n, middle, sd, critical) >= power)
            enough = middle;
        else
            too_small = middle;
    }
    return enough;
}
