/* Folders of several generators of the same run become one, exactly: histograms, counts and exact sums are
 * added, rows are put in order of time, and times count from the start of the earliest generator. Whatever is
 * told per second moves by whole seconds, to the nearest; everything else by nanoseconds. Columns and
 * members: results/README.md. */
#ifndef MERGE_H
#define MERGE_H

#include "run_json.h"

#include <stddef.h>
#include <stdint.h>

struct err;

/* In `checks` of the merged run: whether the generators ran at once. */
#define MERGE_RULE "merge"

struct merge_run {
    const char *folder; /* borrowed */
    struct run_json run;
    uint64_t shift_ns;     /* its t0 less the earliest one's */
    uint64_t shift_s;      /* the same in whole seconds, to the nearest */
    uint64_t first_thread; /* number in the merged health.csv of its thread 0 */
};

struct merge {
    struct merge_run *runs; /* owned; by t0, the earliest first */
    size_t n_runs;
    const char *out; /* borrowed */
    uint64_t lost_n; /* values that run.json counted and hist.hlog lacks, as where a log was cut short */
};

/* Merges at least two run folders into the new folder `out`, which is removed again when it fails. `lost_n`
 * receives how many values the merged log lacks. -1 and a sentence when they are not of one run, their clocks
 * do not overlap, or `out` exists. */
int merge_folders(const char *const *folders, size_t n_folders, const char *out, uint64_t *lost_n,
                  struct err *e);

/* Writes FOLDER/FILE to `path`, which has PATH_MAX. */
int merge_path(const char *folder, const char *file, char *path, struct err *e);

#endif
