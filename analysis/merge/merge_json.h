/* run.json of a merged run: that of the earliest generator with the counts of all added, the worst checks,
 * and `merged_from`. What was planned for the whole is in every share, and so copied; other generators each
 * had a plan of their own, which are added. */
#ifndef MERGE_JSON_H
#define MERGE_JSON_H

#include <jansson.h>
#include <stddef.h>

struct err;
struct merge;
struct run_json;

/* Begins m->root with what m->first says of the run. */
int merge_json_begin(struct merge *m, struct err *e);
/* Adds the counts of runs[i]. */
int merge_json_add(struct merge *m, size_t i, const struct run_json *run, struct err *e);
/* Completes it when all runs are added and the other merged files written. */
int merge_json_end(struct merge *m, struct err *e);
/* Writes the file. */
int merge_json_write(const struct merge *m, struct err *e);

#endif
