/* The attempts that ended in a step of the time axis, warm-up included. */
#ifndef FIGURE_STEP_H
#define FIGURE_STEP_H

#include "attempts.h"

#include <stddef.h>

struct dataset;

/* Borrows the step's histogram. Without failures if intervals.csv, which counts them, was not read. */
struct attempts figure_step_attempts(const struct dataset *data, size_t arm, size_t step);

/* The percentile in ms; NAN when it has no time. A lower bound stands for the time: only in the last step are
 * there attempts that were cut off. */
double figure_step_ms(const struct attempts *a, uint32_t p_ppm);

#endif
