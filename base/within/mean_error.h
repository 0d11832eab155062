/* How far the mean of a run's seconds may be from the truth when each second resembles the one before it. The
 * long-run variance is estimated by four cosine sums of the prewhitened series (D. Andrews, J. Monahan,
 * Econometrica 60, 1992; E. Lazarus et al., JBES 36, 2018), so Student's t with 4 degrees of freedom applies.
 * Prewhitening assumes an autocorrelation at the upper end of what the series allows: the interval grows with
 * dependence instead of being refused, since refusing would keep the runs that happen to look independent. */
#ifndef BASE_MEAN_ERROR_H
#define BASE_MEAN_ERROR_H

#include <stddef.h>

struct mean_error {
    double r;          /* the larger lag-1 autocorrelation */
    double phi, phi_u; /* the same without its bias (F. Marriott, J. Pope, Biometrika 41, 1954), and its upper
                          bound */
    double variance;   /* L, of the mean times m */
    double half_width; /* h, of the 95 % interval of the mean */
};

/* Of m > 4 values in order of time. `r_other` is the autocorrelation of another series of the same seconds,
 * used when it is larger. */
struct mean_error mean_error_of(const double *x, size_t m, double r_other);

#endif
