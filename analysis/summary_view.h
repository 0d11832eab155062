/* The terminal view of a run folder: the summary that the run itself printed. */
#ifndef SUMMARY_VIEW_H
#define SUMMARY_VIEW_H

#include <stdio.h>

struct dataset;
struct err;

/* `folder` is where its last line points; NULL: it has none. -1 when memory is short. */
int summary_view(FILE *out, const struct dataset *data, const char *folder, struct err *e);

#endif
