/* run.json of a merged run: that of the earliest generator with what was counted added up, the load of all
 * generators together, the worst of the judgements, and `merged_from`. */
#ifndef MERGE_JSON_H
#define MERGE_JSON_H

struct err;
struct merge;

int merge_json(const struct merge *m, struct err *e);

#endif
