#include "centre.h"

#include "mean.h"
#include "order.h"
#include "prob.h"

#include <math.h>
#include <stdlib.h>

static double sd_of(const double *x, size_t n, double mean)
{
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    return sqrt(squares / (double)(n - 1));
}

struct centre centre_mean(const double *x, size_t n)
{
    struct centre c = { .n = n, .value = mean_of(x, n), .se = NAN, .df = NAN, .sd = NAN };
    if (n < 2)
        return c;
    c.sd = sd_of(x, n, c.value);
    c.se = c.sd / sqrt((double)n);
    c.df = (double)(n - 1);
    return c;
}

int centre_trimmed(const double *x, size_t n, struct centre *out, struct err *e)
{
    double *sorted = order_sorted_copy(x, n, e);
    if (!sorted)
        return -1;
    const size_t g = n / 5, kept = n - 2 * g;
    const double h = (double)kept;
    *out = (struct centre){ .n = n, .value = mean_of(sorted + g, kept), .df = h - 1 };
    for (size_t i = 0; i < g; i++) {
        sorted[i] = sorted[g];
        sorted[n - 1 - i] = sorted[n - 1 - g];
    }
    const double winsorised_sd = sd_of(sorted, n, mean_of(sorted, n));
    free(sorted);
    out->se = winsorised_sd * sqrt((double)(n - 1)) / sqrt(h * (h - 1));
    out->sd = out->se * sqrt((double)n);
    return 0;
}

double centre_critical(const struct centre *c, double confidence)
{
    return prob_student_quantile((1 + confidence) / 2, c->df);
}

double centre_half_width(const struct centre *c, double confidence)
{
    return centre_critical(c, confidence) * c->se;
}

double centre_p(const struct centre *c)
{
    if (c->se == 0)
        return c->value == 0 ? 1 : 0;
    return 2 * prob_student_cdf(-fabs(c->value / c->se), c->df);
}

double centre_p_beyond(const struct centre *c, double limit)
{
    const double distance = limit - fabs(c->value);
    if (c->se == 0)
        return distance > 0 ? 0 : 1;
    return prob_student_cdf(-distance / c->se, c->df);
}

double centre_lag1(const double *x, size_t n)
{
    const double mean = mean_of(x, n);
    double products = 0;
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        squares += (x[i] - mean) * (x[i] - mean);
        products += i > 0 ? (x[i - 1] - mean) * (x[i] - mean) : 0;
    }
    return n >= 3 && squares > 0 ? products / squares : NAN;
}
