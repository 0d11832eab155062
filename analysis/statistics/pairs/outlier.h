/* Values far from the others, to report and never to drop: more than ten median absolute deviations from the
 * median. */
#ifndef STATISTICS_OUTLIER_H
#define STATISTICS_OUTLIER_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* Sets is_outlier[i] and *n_outliers. There are none when half of the values are equal. */
int outlier_find(const double *x, size_t n, bool *is_outlier, size_t *n_outliers, struct err *e);

#endif
