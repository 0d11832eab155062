/* A histogram as a smooth density over the logarithm of time, for violin plots. */
#ifndef DENSITY_H
#define DENSITY_H

#include <stddef.h>

struct hist;

/* Fills `n` points from `lo_ns` to `hi_ns`, evenly spaced in log: value_ns[i] and the density there, per
 * unit of ln(ns) and request. Gaussian kernel with Silverman's bandwidth, 0.9 min(sd, IQR / 1.34) n^(-1/5)
 * (B. Silverman, Density Estimation for Statistics and Data Analysis, 1986, eq. 3.31), at least a bin
 * wide. The histogram must not be empty; n is at least 2. */
void density_of_hist(const struct hist *h, double lo_ns, double hi_ns, size_t n, double *value_ns,
                     double *density);

#endif
