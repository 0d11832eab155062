/* Merges the folders of several generators of one run, exactly: histograms, counts and exact sums are added,
 * rows are ordered by time, and times count from the start of the earliest generator. Values per second are
 * shifted by whole seconds, to the nearest; everything else by nanoseconds. Columns and members:
 * results/README.md. */
#ifndef MERGE_H
#define MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct merge_outcome {
    uint64_t lost_n;       /* values that the merged log lacks */
    bool rests_on_invalid; /* a threshold rests on a number that is the generators' own doing */
};

/* Merges two or more run folders into the new folder `out`, which is removed on failure. -1 when the folders
 * are not of one run, the runs did not overlap, or `out` exists. */
int merge_folders(const char *const *folders, size_t n_folders, const char *out,
                  struct merge_outcome *outcome, struct err *e);

#endif
