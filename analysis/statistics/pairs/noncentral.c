#include "noncentral.h"

#include "prob.h"

#include <math.h>

/* Both series weight their terms by Poisson probabilities of mean `half`; beyond these bounds the weights
 * are below 1e-18. */
static long first_term(double half)
{
    return (long)fmax(0, floor(half - 10 * sqrt(half) - 10));
}

static long last_term(double half)
{
    return (long)ceil(half + 10 * sqrt(half) + 40);
}

/* I_x(a, b), I_x(a + 1, b), ...: each is the previous one minus a term that follows by multiplication
 * (DLMF 8.17.20). */
struct beta_row {
    double a, b, x;
    double value; /* I_x(a, b) */
    double step;  /* x^a (1 - x)^b / (a B(a, b)) */
};

static struct beta_row row_from(double a, double b, double x)
{
    const double log_beta = lgamma(a) + lgamma(b) - lgamma(a + b);
    return (struct beta_row){ a, b, x, prob_beta(a, b, x),
                              exp(a * log(x) + b * log1p(-x) - log(a) - log_beta) };
}

static void row_next(struct beta_row *row)
{
    row->value -= row->step;
    row->step *= row->x * (row->a + row->b) / (row->a + 1);
    row->a++;
}

double noncentral_t_cdf(double t, double df, double delta)
{
    if (t < 0)
        return 1 - noncentral_t_cdf(-t, df, -delta);
    const double half = delta * delta / 2;
    if (!(half > 0))
        return prob_student_cdf(t, df);
    const double x = t * t / (df + t * t);
    const long first = first_term(half);
    const double start = (double)first;
    struct beta_row even = row_from(start + 0.5, df / 2, x);
    struct beta_row odd = row_from(start + 1, df / 2, x);
    double p = exp(start * log(half) - half - lgamma(start + 1));
    double q = copysign(exp((start + 0.5) * log(half) - half - lgamma(start + 1.5)), delta);
    double sum = 0;
    for (long j = first; j <= last_term(half); j++) {
        sum += p * even.value + q * odd.value;
        row_next(&even);
        row_next(&odd);
        p *= half / ((double)j + 1);
        q *= half / ((double)j + 1.5);
    }
    return fmin(1, fmax(0, prob_normal_cdf(-delta) + sum / 2));
}
