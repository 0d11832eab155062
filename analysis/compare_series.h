/* The runs of one arm: run folders, or series, folders whose folders are runs, in the order in which they
 * began. A run counts once, however its folder is called: a copy would make pairs that agree by themselves.
 */
#ifndef COMPARE_SERIES_H
#define COMPARE_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct compare_series_run {
    char *folder, *run_id; /* owned */
    uint64_t started_ns;   /* since the epoch */
};

struct compare_series {
    struct compare_series_run *runs; /* owned */
    size_t n;
};

/* Whether the folder holds runs and is itself neither a run nor a campaign nor a sweep. */
bool compare_series_is(const char *folder);
/* Adds a run, or the runs of a series behind those added before. -1 when the folder is neither. Call
 * compare_series_fini even on failure. */
int compare_series_add(struct compare_series *s, const char *folder, struct err *e);
void compare_series_fini(struct compare_series *s);

/* -1 when two folders of the series are one run. */
int compare_series_check(const struct compare_series *s, struct err *e);
/* -1 when a run is in both. */
int compare_series_check_apart(const struct compare_series *a, const struct compare_series *b, struct err *e);
/* The folders; owned, the texts borrowed. NULL when memory is short. */
const char **compare_series_folders(const struct compare_series *s, struct err *e);

#endif
