/* Sentences that captions share: what the times mean, how many requests and runs stand behind them, and
 * whether to believe them. */
#ifndef CAPTION_H
#define CAPTION_H

#include <stdio.h>

struct dataset;

/* "Service time: ..." or "Response time: ...", as the run's load model has it. */
void caption_latency(FILE *out, const struct dataset *data);
/* What was asked for: rate or users, per arm. */
void caption_load(FILE *out, const struct dataset *data);
/* Requests that the latency figures rest on, per arm. */
void caption_counts(FILE *out, const struct dataset *data);
/* Runs, duration, date, load; "emulated" where it is so; the verdict and the rules behind it; the run's id.
 * Every caption's end. */
void caption_tail(FILE *out, const struct dataset *data);
/* The end of a comparison's caption: that of the run that was compared in itself, or what the pairs of runs
 * were. */
void caption_comparison(FILE *out, const struct dataset *data);

#endif
