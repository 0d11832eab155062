/* hist.hlog and intervals.csv of a merged run, second by second: the histograms of the same second and tag
 * are added, the counts of the same second and stream too, and the percentiles of that row come from the
 * added histograms. Memory is that of one second, however long the runs were. */
#ifndef MERGE_SECONDS_H
#define MERGE_SECONDS_H

struct err;
struct merge;

int merge_seconds(const struct merge *m, struct err *e);

#endif
