#include "balance.h"

#include "prob.h"

#include <math.h>

struct balance balance_of(const uint64_t *counts, size_t k)
{
    struct balance b = { NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    double n = 0;
    for (size_t i = 0; i < k; i++)
        n += (double)counts[i];
    b.expected = n / (double)k; /* of none: NaN */
    if (k < 2 || n == 0)
        return b;
    b.sd = sqrt(b.expected * (1 - 1 / (double)k));
    b.half_width = b.sd * prob_normal_quantile(1 - 0.05 / (2 * (double)k));
    b.chi2 = 0;
    for (size_t i = 0; i < k; i++)
        b.chi2 += ((double)counts[i] - b.expected) * ((double)counts[i] - b.expected) / b.expected;
    b.df = (double)k - 1;
    b.p_value = prob_chi_square_upper(b.chi2, b.df);
    b.p_lower = prob_chi_square_lower(b.chi2, b.df);
    return b;
}
