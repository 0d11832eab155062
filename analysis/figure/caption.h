/* Sentences that captions share: what the times mean, which attempts they are from and how many of these
 * failed, how they were loaded, and in which run. Each ends with a space. */
#ifndef CAPTION_H
#define CAPTION_H

#include "metric.h"

#include <stdint.h>
#include <stdio.h>

struct dataset;

/* Ends what a figure's caption says of the figure. What follows, the same under every figure of a run, is for
 * one that stands alone: the reports, which say it once, leave it out. */
void caption_end_own(FILE *out);
/* "Service time: ... " or "Response time: ... "; constant. */
const char *caption_metric(enum metric headline);
/* The same of the run's headline. */
void caption_latency(FILE *out, const struct dataset *data);
/* The load: arrival rate or users, per stream. */
void caption_load(FILE *out, const struct dataset *data);
/* How many attempts there were, per arm, how many failed and how many the end of the run cut off. */
void caption_attempts(FILE *out, const struct dataset *data);
/* Which run: its id, date and duration, how it ended, whether instances are emulated. */
void caption_run(FILE *out, const struct dataset *data);
/* All of these: the end of the caption of a figure of times. */
void caption_of_times(FILE *out, const struct dataset *data);
/* "531 of 6 400 (8.3 %)", "none of 6 400". */
void caption_failed(FILE *out, uint64_t failed_n, uint64_t n);
/* "2026-11-21 22:10 to 22:40 UTC", from nanoseconds since the epoch. */
void caption_period(FILE *out, uint64_t from_ns, uint64_t to_ns);

#endif
