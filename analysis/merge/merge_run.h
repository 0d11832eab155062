/* The runs that are merged, and the CSV headers that their files must share. */
#ifndef MERGE_RUN_H
#define MERGE_RUN_H

#include "run_json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_reader;
struct csv_writer;
struct err;

struct merge_run {
    const char *folder; /* borrowed */
    struct run_json run;
    uint64_t shift_ns;     /* its t0 minus the earliest t0 */
    uint64_t shift_s;      /* the same, rounded to whole seconds */
    uint64_t first_thread; /* number of its thread 0 in the merged health.csv */
};

struct merge {
    struct merge_run *runs; /* owned; by t0, the earliest first */
    size_t n_runs;
    const char *out;       /* borrowed */
    bool rests_on_invalid; /* a threshold does, on an invalid claim */
    uint64_t lost_n;       /* values counted in run.json that hist.hlog lacks because a log was cut short */
};

/* -1 when the two files differ in their columns or the columns' order. */
int merge_same_columns(const struct csv_reader *a, const struct csv_reader *b, struct err *e);
/* Creates the CSV file `path` with the columns of `like`. */
int merge_create_like(struct csv_writer *w, const char *path, const struct csv_reader *like, struct err *e);

#endif
