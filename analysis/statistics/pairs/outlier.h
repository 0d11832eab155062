/* Values far from the others, to report and never to drop: more than 14.826 median absolute deviations
 * (ten standard deviations of a normal distribution) from the median, as in hyperfine
 * (https://github.com/sharkdp/hyperfine, src/outlier_detection.rs). */
#ifndef STATISTICS_OUTLIER_H
#define STATISTICS_OUTLIER_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* Sets is_outlier[i] and *n_outliers. There are none when half of the values are equal. */
int outlier_find(const double *x, size_t n, bool *is_outlier, size_t *n_outliers, struct err *e);

#endif
