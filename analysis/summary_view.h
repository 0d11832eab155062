/* The terminal view of a run folder: what ran, the summary that the run itself printed, and the shape of its
 * times. */
#ifndef SUMMARY_VIEW_H
#define SUMMARY_VIEW_H

#include <stdio.h>

struct dataset;
struct err;

/* -1 when memory is short. */
int summary_view(FILE *out, const struct dataset *data, struct err *e);

#endif
