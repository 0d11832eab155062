/* The terminal view of a run folder: one screen, the answer first, then how sure, then where to look. */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdio.h>

struct dataset;

/* Prints the view; -1 only when memory is short. */
int summary_print(FILE *out, const struct dataset *data);

#endif
