/* Judges a threshold again, from the files of a run folder, as `loadgen run` judged it. */
#ifndef THRESHOLD_RECOUNT_H
#define THRESHOLD_RECOUNT_H

#include "threshold.h"

struct dataset;
struct err;

/* The result borrows the threshold's texts. -1 when a tag is broken or out of memory. */
int threshold_recount(const struct dataset *data, const struct threshold *t, struct threshold_result *out,
                      struct err *e);

#endif
