/* Whether run folders belong to one run on several generators: the same scenario, streams, clusters, phases
 * and target, all running at the same time, and no run twice. Shares also have the same seed and input files.
 */
#ifndef MERGE_COMPATIBLE_H
#define MERGE_COMPATIBLE_H

#include <stddef.h>

struct err;
struct merge;
struct run_json;

/* Checks what is known of all runs before they are read in turn. -1 with a message that names the folders and
 * what differs. */
int merge_compatible_runs(const struct merge *m, struct err *e);
/* Compares the run.json of runs[i] with the first one's. */
int merge_compatible(const struct merge *m, size_t i, const struct run_json *other, struct err *e);

#endif
