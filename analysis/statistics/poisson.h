/* Did requests really arrive at random? Exponential gaps by Anderson and Darling's test, and the spread of
 * counts per window, which shows batches (T. W. Anderson, D. A. Darling, JASA 49, 1954; critical values for
 * an estimated mean: M. A. Stephens, in "Goodness-of- Fit Techniques", 1986, table 4.14). */
#ifndef STATISTICS_POISSON_H
#define STATISTICS_POISSON_H

#include <stddef.h>
#include <stdint.h>

struct err;

enum {
    POISSON_GAPS_MOST = 2000,   /* more gaps make the test reject deviations that do not matter */
    POISSON_WINDOWS_LEAST = 100 /* below, the spread of counts is not known */
};

struct poisson_gaps {
    double mean;    /* as estimated from the gaps */
    double a2;      /* A^2; infinite when a gap is 0 and `resolution` too */
    double a2_star; /* A^2 (1 + 0.6 / n), to be compared with the critical values */
    double level;   /* the smallest of .15 .10 .05 .025 .01 at which "exponential" is rejected; 1 when none */
    double distance; /* Kolmogorov-Smirnov, from the exponential of that mean */
};

/* From 2 or more gaps, in any unit, not all 0. Gaps below the clock's `resolution` count as that long. */
int poisson_test_gaps(const double *gap, size_t n, double resolution, struct poisson_gaps *out,
                      struct err *e);
/* Index of dispersion, Var N / E N over the whole windows from start to end: 1 for Poisson, about 0 for
 * evenly spaced, far above 1 for batches. `time_ns` ascends. NAN with fewer than POISSON_WINDOWS_LEAST
 * windows or nothing in them. */
double poisson_dispersion(const uint64_t *time_ns, size_t n, uint64_t start_ns, uint64_t end_ns,
                          uint64_t window_ns);

#endif
