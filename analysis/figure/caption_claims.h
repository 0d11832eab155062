/* The sentence on how far numbers can be quoted: those whose claim is not ok, with the reason. Nothing when
 * all are ok. */
#ifndef CAPTION_CLAIMS_H
#define CAPTION_CLAIMS_H

#include <stdio.h>

struct dataset;

/* Of p50 to p99.9 of each arm. */
void caption_claims_of_times(FILE *out, const struct dataset *data);
/* Of the rate of each arm. */
void caption_claims_of_rates(FILE *out, const struct dataset *data);

#endif
