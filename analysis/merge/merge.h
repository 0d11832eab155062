/* Merges the folders of several generators of one run, exactly: histograms, counts and exact sums are added,
 * rows are ordered by time, and times count from the start of the earliest generator. Values per second are
 * shifted by whole seconds, to the nearest; everything else by nanoseconds. The generators are shares of one
 * run (`loadgen run --shard I/N`), or runs of the same scenario that add up. Columns and members:
 * results/README.md. */
#ifndef MERGE_H
#define MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum { MERGE_SENTENCE_BYTES = 400 };

struct merge_request {
    const char *const *folders; /* of the generators, in any order */
    size_t n_folders;
    const char *out;  /* the new folder */
    size_t n_allowed; /* shares that may be missing or incomplete without making the result invalid */
};

struct merge_outcome {
    uint64_t lost_n;                   /* values that the merged log lacks */
    bool rests_on_invalid;             /* a threshold rests on a number that is the generators' own doing */
    bool is_invalid;                   /* more shares are lacking than were allowed */
    char shares[MERGE_SENTENCE_BYTES]; /* which shares are lacking; "" when none is */
};

/* Merges run folders into the new folder, which is removed on failure. -1 when the folders are not of one
 * run, a share is given twice, the runs did not overlap, or the new folder exists. */
int merge_folders(const struct merge_request *request, struct merge_outcome *outcome, struct err *e);

#endif
