/* The end of a comparison's caption: of one run with two clusters, or of pairs of runs. */
#ifndef CAPTION_COMPARISON_H
#define CAPTION_COMPARISON_H

#include <stdio.h>

struct dataset;

void caption_comparison(FILE *out, const struct dataset *data);

#endif
