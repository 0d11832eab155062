/* run.json of a merged run: that of the earliest generator with what was counted added up, the load of all
 * generators together, the worst of the judgements, and `merged_from`. */
#ifndef MERGE_JSON_H
#define MERGE_JSON_H

#include <jansson.h>

struct err;
struct merge;

/* `thresholds` is borrowed; NULL: not judged yet. */
int merge_json(const struct merge *m, const json_t *thresholds, struct err *e);

#endif
