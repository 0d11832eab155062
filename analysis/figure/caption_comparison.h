/* The shared end of a comparison's caption: the answer, and the run with two clusters or the pairs of runs.
 */
#ifndef CAPTION_COMPARISON_H
#define CAPTION_COMPARISON_H

#include <stdio.h>

struct dataset;

void caption_comparison(FILE *out, const struct dataset *data);

#endif
