#include "range_chance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* P(X = x) for X ~ Poisson(mean). */
static double poisson(double x, double mean)
{
    int sign; /* lgamma() would write a global */
    return exp(x * log(mean) - mean - lgamma_r(x + 1, &sign));
}

/* c = a * b as polynomials of n_a and n_b terms, cut off after n_most terms; returns the terms of c. */
static size_t convolve(const double *a, size_t n_a, const double *b, size_t n_b, double *c, size_t n_most)
{
    const size_t n_c = n_a + n_b - 1 < n_most ? n_a + n_b - 1 : n_most;
    memset(c, 0, n_c * sizeof *c);
    for (size_t i = 0; i < n_a; i++)
        for (size_t j = 0; j < n_b && i + j < n_c; j++)
            c[i + j] += a[i] * b[j];
    return n_c;
}

/* Raises `base`, of n terms, to the k-th power by squaring and returns its coefficient `at`; every array has
 * at + 1 elements. */
static double coefficient_of_power(double *base, size_t n, size_t k, size_t at, double *power, double *spare)
{
    size_t n_power = 1;
    power[0] = 1;
    for (;; k /= 2) {
        if (k % 2 == 1) {
            n_power = convolve(power, n_power, base, n, spare, at + 1);
            memcpy(power, spare, n_power * sizeof *power);
        }
        if (k <= 1)
            return at < n_power ? power[at] : 0;
        n = convolve(base, n, base, n, spare, at + 1);
        memcpy(base, spare, n * sizeof *base);
    }
}

/* P(all k counts lie in least..least + span): counts are Poisson variables of that mean, given their sum. */
static double chance_of_window(uint64_t n, size_t k, uint64_t least, size_t span, double *room)
{
    const double mean = (double)n / (double)k;
    if (least * k > n || (least + span) * k < n)
        return 0;
    const size_t at = (size_t)(n - least * k);
    double *base = room, *power = base + at + 1, *spare = power + at + 1;
    const size_t n_terms = span < at ? span + 1 : at + 1;
    base[0] = poisson((double)least, mean);
    for (size_t j = 1; j < n_terms; j++)
        base[j] = base[j - 1] * mean / (double)(least + j);
    return coefficient_of_power(base, n_terms, k, at, power, spare) / poisson((double)n, (double)n);
}

double range_chance(uint64_t n, size_t k, uint64_t range)
{
    if (k == 0 || range > RANGE_CHANCE_MOST || range * k > RANGE_CHANCE_TERMS_MOST)
        return NAN;
    if (n == 0 || k == 1)
        return 1;
    double *room = malloc(3 * ((size_t)range * k + 1) * sizeof *room);
    if (!room)
        return NAN;
    const uint64_t highest = n / k;
    const uint64_t even = highest + (n % k != 0);
    double chance = 0;
    /* By the smallest count: all in least..least + range, but not all above the smallest. */
    for (uint64_t least = even > range ? even - range : 0; least <= highest; least++) {
        chance += chance_of_window(n, k, least, (size_t)range, room);
        if (range > 0)
            chance -= chance_of_window(n, k, least + 1, (size_t)range - 1, room);
    }
    free(room);
    return fmin(1, fmax(0, chance));
}
