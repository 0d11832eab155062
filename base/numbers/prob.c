#include "prob.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

static const double TINY = 1e-300; /* keeps a continued fraction's partial denominators away from 0 */

/* lgamma() writes the global signgam, so it is not thread-safe. */
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

static double away_from_zero(double x)
{
    return fabs(x) < TINY ? TINY : x;
}

/* A continued fraction b0 + a1/(b1 + a2/(b2 + ...)) in the middle of Lentz's evaluation (DLMF 3.10(iii)). */
struct lentz {
    double value, c, d;
};

static struct lentz lentz_begin(double b0)
{
    const double start = away_from_zero(b0);
    return (struct lentz){ .value = start, .c = start, .d = 0 };
}

/* Applies the next pair; true once the value has converged. */
static bool lentz_step(struct lentz *f, double a, double b)
{
    f->d = 1 / away_from_zero(b + a * f->d);
    f->c = away_from_zero(b + a / f->c);
    const double factor = f->c * f->d;
    f->value *= factor;
    return fabs(factor - 1) < 2 * DBL_EPSILON;
}

/* Converges in O(sqrt(max(a, b))) steps for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
    const double most_steps = 200 + 20 * sqrt(fmax(a, b));
    struct lentz f = lentz_begin(1);
    bool settled = false;

    for (unsigned i = 0; !settled && i < most_steps; i++) {
        const double m = i;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        lentz_step(&f, odd, 1);
        const double even = (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2));
        settled = lentz_step(&f, even, 1);
    }
    return 1 / f.value;
}

double prob_beta(double a, double b, double x)
{
    if (!(a > 0 && b > 0 && x >= 0 && x <= 1))
        return NAN;
    if (x == 0 || x == 1)
        return x;
    const double log_front = log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x);
    if (x < (a + 1) / (a + b + 2))
        return exp(log_front) * beta_fraction(a, b, x) / a;
    return 1 - exp(log_front) * beta_fraction(b, a, 1 - x) / b;
}

static double gamma_series(double a, double x)
{
    double term = 1 / a;
    double sum = term;
    for (unsigned k = 1; term > sum * DBL_EPSILON; k++) {
        term *= x / (a + k);
        sum += term;
    }
    return sum;
}

static double gamma_fraction(double a, double x)
{
    const double most_steps = 200 + 20 * sqrt(a);
    struct lentz f = lentz_begin(x + 1 - a);
    bool settled = false;
    for (unsigned i = 1; !settled && i < most_steps; i++) {
        const double k = i;
        settled = lentz_step(&f, -k * (k - a), x + 2 * k + 1 - a);
    }
    return 1 / f.value;
}

/* Regularised incomplete gamma function Q(a, x), a > 0, x >= 0 (DLMF 8.2.4; continued fraction 8.9.2, or the
 * complement of the series 8.11.4 where that converges faster and Q is not small). */
static double gamma_upper(double a, double x)
{
    if (!(a > 0 && x >= 0))
        return NAN;
    if (x == 0 || isinf(x))
        return x == 0 ? 1 : 0;
    const double front = exp(a * log(x) - x - log_gamma(a));
    const bool by_series = x < a + 1;
    return by_series ? 1 - front * gamma_series(a, x) : front * gamma_fraction(a, x);
}

double prob_binomial_cdf(int64_t k, uint64_t n, double p)
{
    if (!(p >= 0 && p <= 1))
        return NAN;
    if (k < 0)
        return 0;
    if ((uint64_t)k >= n)
        return 1;
    return prob_beta((double)(n - (uint64_t)k), (double)k + 1, 1 - p);
}

double prob_chi_square_upper(double x, double df)
{
    return gamma_upper(df / 2, x / 2);
}

double prob_normal_cdf(double z)
{
    return erfc(-z / sqrt(2)) / 2;
}

double prob_normal_upper(double z)
{
    return erfc(z / sqrt(2)) / 2;
}

/* z >= 0 with P(Z >= z) = q for 0 < q <= 0.5: working on the tail keeps the precision of a small q. */
static double normal_upper_quantile(double q)
{
    const double pi = 3.14159265358979323846;
    const double t = sqrt(-2 * log(q));
    double z =
        t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    for (int i = 0; i < 3; i++) {
        const double density = exp(-z * z / 2) / sqrt(2 * pi);
        const double newton = (prob_normal_upper(z) - q) / density;
        z += newton / (1 - z * newton / 2);
    }
    return z;
}

double prob_normal_quantile(double p)
{
    if (!(p > 0 && p < 1))
        return NAN;
    if (p == 0.5)
        return 0;
    return p < 0.5 ? -normal_upper_quantile(p) : normal_upper_quantile(1 - p);
}

/* P(T >= t) for t >= 0. For t * t < df the two arguments of I change places, since x would round to 1. */
static double student_upper(double t, double df)
{
    const double square = t * t;
    if (square < df)
        return 0.5 - prob_beta(0.5, df / 2, square / (df + square)) / 2;
    return prob_beta(df / 2, 0.5, 1 / (1 + square / df)) / 2;
}

double prob_student_cdf(double t, double df)
{
    if (!(df > 0) || isnan(t))
        return NAN;
    return t < 0 ? student_upper(-t, df) : 1 - student_upper(t, df);
}

/* Halves an interval that holds the t >= 0 with P(T >= t) = q until no double lies between its ends. */
static double student_upper_quantile(double q, double df)
{
    double low = 0;
    double high = 1;
    while (student_upper(high, df) > q && high < DBL_MAX / 2) {
        low = high;
        high *= 2;
    }
    double middle = low + (high - low) / 2;
    while (middle > low && middle < high) {
        if (student_upper(middle, df) > q)
            low = middle;
        else
            high = middle;
        middle = low + (high - low) / 2;
    }
    return high;
}

double prob_student_quantile(double p, double df)
{
    if (!(p > 0 && p < 1 && df > 0))
        return NAN;
    if (p == 0.5)
        return 0;
    return p < 0.5 ? -student_upper_quantile(p, df) : student_upper_quantile(1 - p, df);
}
