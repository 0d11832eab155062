/* The scenario's thresholds of a merged run, judged on the requests of all generators together. */
#ifndef MERGE_THRESHOLDS_H
#define MERGE_THRESHOLDS_H

#include <jansson.h>

struct dataset;
struct err;
struct merge;

/* Returns the owned array that belongs into the merged run.json as `thresholds`, or NULL with `e` set. `data`
 * is the merged folder. */
json_t *merge_thresholds(const struct merge *m, const struct dataset *data, struct err *e);

#endif
