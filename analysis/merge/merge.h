/* Merges the folders of several generators of one run, exactly: histograms, counts and exact sums are added,
 * rows are ordered by time, and times count from the start of the earliest generator. Values per second are
 * shifted by whole seconds, to the nearest; everything else by nanoseconds. Columns and members:
 * results/README.md. */
#ifndef MERGE_H
#define MERGE_H

#include <stddef.h>
#include <stdint.h>

struct err;

/* Merges two or more run folders into the new folder `out`, which is removed on failure. `lost_n` receives
 * how many values the merged log lacks. -1 when the folders are not of one run, the runs did not overlap, or
 * `out` exists. */
int merge_folders(const char *const *folders, size_t n_folders, const char *out, uint64_t *lost_n,
                  struct err *e);

#endif
