/* Merges hist.hlog and intervals.csv second by second: histograms of the same second and tag are added, as
 * are counts of the same second and stream, whose percentiles come from the added histograms. Memory is that
 * of one second, however long the runs. */
#ifndef MERGE_SECONDS_H
#define MERGE_SECONDS_H

struct err;
struct merge;

/* Writes both files. */
int merge_seconds(const struct merge *m, struct err *e);

#endif
