/* Merges the files whose rows are kept and ordered by time: errors, health, DNS answers, sampled and logged
 * requests; counts per remote address have no time and follow generator by generator. Times are shifted, and
 * threads, requests and connections are renumbered so that no two generators share a number. */
#ifndef MERGE_ROWS_H
#define MERGE_ROWS_H

struct err;
struct merge;

/* Writes each file that any of the runs has. */
int merge_rows(const struct merge *m, struct err *e);

#endif
