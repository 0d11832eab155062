/* Merges hist.hlog and intervals.csv: histograms of the same second and tag are added, as are counts of the
 * same second and stream, whose percentiles come from the added histograms.
 *
 * A window of a few seconds goes over all generators in turn, each read from where the last window left it.
 * So one generator's files are open at a time, memory is that of a window however many they are and however
 * long they ran, and threads share a window by taking some generators each. */
#ifndef MERGE_SECONDS_H
#define MERGE_SECONDS_H

struct err;
struct merge;

/* Writes both files. */
int merge_seconds(const struct merge *m, struct err *e);

#endif
