/* The lag-1 autocorrelation: how much a value resembles the one before it. */
#ifndef BASE_LAG1_H
#define BASE_LAG1_H

#include "mean.h"

#include <stddef.h>

/* Of n values about their mean; 0 when they vary by no more than rounding of values about `scale`. */
static inline double lag1_of(const double *x, size_t n, double scale)
{
    const double mean = mean_of(x, n);
    double squares = 0;
    double products = 0;
    for (size_t i = 0; i < n; i++) {
        squares += (x[i] - mean) * (x[i] - mean);
        products += i > 0 ? (x[i] - mean) * (x[i - 1] - mean) : 0;
    }
    return squares > (double)n * scale * scale * 1e-24 ? products / squares : 0;
}

#endif
