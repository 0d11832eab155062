/* The files whose rows stay as they are, put in order of time: errors, health, DNS answers, sampled and
 * logged requests, and (without a time, one generator after the other) counts per remote address. Times are
 * moved, threads numbered on, and requests and connections numbered so that no two generators share a number.
 */
#ifndef MERGE_ROWS_H
#define MERGE_ROWS_H

struct err;
struct merge;

/* Writes those of the files that any of the runs has. */
int merge_rows(const struct merge *m, struct err *e);

#endif
