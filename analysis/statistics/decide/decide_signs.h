/* The sign test, for pairs of which some have no log ratio: a run whose percentile lies among failures is
 * slower than one whose does not, by no known amount. A pair whose direction is not known counts against
 * either claim. */
#ifndef STATISTICS_DECIDE_SIGNS_H
#define STATISTICS_DECIDE_SIGNS_H

#include <stddef.h>

struct err;

struct decide_signs {
    size_t n, n_higher, n_lower; /* pairs; where B is higher, where it is lower */
    double p;                    /* two-sided and exact, for the more frequent sign */
    double median;               /* median log ratio, taken towards 0; +-INFINITY: no size */
    double beyond;  /* the ratio that the median pair proves, such as 7.7 for "> 7.7"; NAN: none */
    double nearest; /* end of the median ratio's interval that is nearer to 1; INFINITY, or 0 if it is lower:
                       there is a time on one side only; NAN: none */
};

/* From log ratios and their proven sizes, as in struct decide_columns. */
int decide_signs_of(const double *log_ratio, const double *bound, size_t n, double confidence,
                    struct decide_signs *out, struct err *e);

#endif
