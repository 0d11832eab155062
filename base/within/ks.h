/* How far apart two distributions are, and where: the Kolmogorov-Smirnov distance of two histograms. Only
 * a description: the classical test assumes independent requests, which queueing breaks. */
#ifndef BASE_KS_H
#define BASE_KS_H

#include <stdint.h>

struct hist;

struct ks {
    double distance; /* max |F_A - F_B| over the edges of bins; NAN when either is empty */
    double share_a;  /* F_A and F_B there */
    double share_b;
    uint64_t at_ns; /* highest value of the bin at whose upper edge they are farthest apart */
};

struct ks ks_between(const struct hist *a, const struct hist *b);

#endif
