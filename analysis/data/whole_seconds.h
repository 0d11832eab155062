/* How many requests succeeded in each whole second of an arm: what throughput and its interval are made of.
 * Seconds that the run or a phase did not fill would count too few; warm-up and pauses do not count. */
#ifndef WHOLE_SECONDS_H
#define WHOLE_SECONDS_H

#include <stddef.h>

struct dataset;

/* Writes successes per second of each whole step of the time axis to `per_s`, which has room for
 * axis.n_steps; returns how many. 0 when intervals.csv could not be read. */
size_t whole_seconds(const struct dataset *data, size_t arm, double *per_s);

#endif
