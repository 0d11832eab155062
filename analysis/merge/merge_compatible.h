/* Whether run folders belong to one run on several generators: the same scenario, streams, clusters, phases
 * and target, all running at the same time, and no run twice. */
#ifndef MERGE_COMPATIBLE_H
#define MERGE_COMPATIBLE_H

struct err;
struct merge;

/* -1 with a message that names the two folders and what differs, or the file that cannot be merged. */
int merge_compatible(const struct merge *m, struct err *e);

#endif
