/* run.json of a merged run: that of the earliest generator with counts and load of all added, the worst
 * checks and claims, and `merged_from`. */
#ifndef MERGE_JSON_H
#define MERGE_JSON_H

#include <jansson.h>

struct err;
struct merge;

/* Writes it. `judged` has the members that are judged on all requests together, thresholds and claims;
 * borrowed; NULL: not judged yet. */
int merge_json(const struct merge *m, json_t *judged, struct err *e);

#endif
