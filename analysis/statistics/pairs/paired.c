#include "paired.h"

#include "mean.h"
#include "prob.h"

#include <math.h>

void paired_log_ratios(const double *a, const double *b, size_t n, double *log_ratio)
{
    for (size_t i = 0; i < n; i++)
        log_ratio[i] = log(b[i] / a[i]);
}

static double sd_of(const double *x, size_t n, double mean)
{
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    return sqrt(squares / (double)(n - 1));
}

static double t_of(double mean, double standard_error)
{
    if (standard_error > 0)
        return mean / standard_error;
    return mean == 0 ? 0 : copysign(INFINITY, mean);
}

void paired_interval(const double *difference, size_t n, double confidence, struct paired *out)
{
    *out = (struct paired){ .n = n,
                            .mean = mean_of(difference, n),
                            .sd = NAN,
                            .lo = NAN,
                            .hi = NAN,
                            .t = NAN,
                            .critical = NAN,
                            .p = NAN };
    if (n < 2)
        return;
    const double df = (double)(n - 1);
    out->sd = sd_of(difference, n, out->mean);
    const double standard_error = out->sd / sqrt((double)n);
    out->critical = prob_student_quantile((1 + confidence) / 2, df);
    out->lo = out->mean - out->critical * standard_error;
    out->hi = out->mean + out->critical * standard_error;
    out->t = t_of(out->mean, standard_error);
    out->p = isinf(out->t) ? 0 : 2 * prob_student_cdf(-fabs(out->t), df);
}
