/* Whether run folders are those of several generators of the same run: same scenario, streams, clusters,
 * phases and target, started while all the others ran, and no folder twice. */
#ifndef MERGE_CHECK_H
#define MERGE_CHECK_H

struct err;
struct merge;

/* -1 and a sentence that names two folders and what differs, or the file that cannot be merged. */
int merge_check(const struct merge *m, struct err *e);

#endif
