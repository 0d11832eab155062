/* The arithmetic mean. */
#ifndef BASE_MEAN_H
#define BASE_MEAN_H

#include <math.h>
#include <stddef.h>

/* Of n values; NAN for n = 0. */
static inline double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return n > 0 ? sum / (double)n : NAN;
}

#endif
