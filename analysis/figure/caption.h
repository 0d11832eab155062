/* Sentences that captions share: what the times mean, how many requests and runs they are from, and whether
 * to trust them. */
#ifndef CAPTION_H
#define CAPTION_H

#include <stdio.h>

struct dataset;

/* What the headline time is: "Service time: ..." or "Response time: ...". */
void caption_latency(FILE *out, const struct dataset *data);
/* The load: arrival rate or users, per stream. */
void caption_load(FILE *out, const struct dataset *data);
/* How many requests the times are from, per arm. */
void caption_counts(FILE *out, const struct dataset *data);
/* The end of a caption: duration, date, emulation, the verdict and the rules behind it, run id. */
void caption_tail(FILE *out, const struct dataset *data);
/* All of these: the end of the caption of a figure of times. */
void caption_of_times(FILE *out, const struct dataset *data);
/* The end of a comparison's caption: of one run with two clusters, or of pairs of runs. */
void caption_comparison(FILE *out, const struct dataset *data);

#endif
