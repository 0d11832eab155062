/* What one run's seconds say about its own numbers: the 95 % intervals of an arm's percentiles and rate, and
 * of their ratios between its two clusters. Everything that prints an interval within a run takes it from
 * here. `why` of a result is the reason when there is none, such as "12 whole seconds are too few for an
 * interval, which takes 30"; print it in its place. The best word for a ratio is that of
 * run_interval_direction (run_interval.h). */
#ifndef WITHIN_H
#define WITHIN_H

#include "run_interval.h"

#include <stddef.h>
#include <stdint.h>

struct dataset;

/* Of all attempts of the arm, outside of warm-up. In ns. */
struct run_interval within_percentile(const struct dataset *data, size_t arm, uint32_t p_ppm);
/* The same with times less the generator's share. */
struct run_interval within_percentile_less_g(const struct dataset *data, size_t arm, uint32_t p_ppm);
/* Of the arm's good answers per second. */
struct run_interval within_rate(const struct dataset *data, size_t arm);

/* The whole measured seconds of an arm, or longer steps, in order. Owned (free), borrows the dataset; NULL
 * when memory is short. */
struct run_second *within_seconds(const struct dataset *data, size_t arm, size_t *n);
/* Why there are none for any arm; NULL: they are known. Constant. */
const char *within_no_seconds(const struct dataset *data);

#endif
