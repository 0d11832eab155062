/* One generator's part of a file whose rows are kept: a row at a time, with the changes that its columns need
 * in the merged file. */
#ifndef MERGE_SOURCE_H
#define MERGE_SOURCE_H

#include "csv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct merge_run;

enum merge_change {
    MERGE_KEEP,
    MERGE_SECOND, /* a time in whole seconds, in seconds, in nanoseconds: shifted */
    MERGE_REAL_S,
    MERGE_NS,
    MERGE_THREAD, /* threads count on from those of the generators before */
    MERGE_NUMBER, /* of a request or connection; shares have those of the whole run */
};

struct merge_column_change {
    const char *column;
    enum merge_change change;
};

struct merge_rows_file {
    const char *name;
    const char *order_by;                      /* one of the changed columns; NULL: one run after the other */
    const struct merge_column_change *changes; /* ends with a row without a column */
};

struct merge_source {
    const struct merge_run *run;
    uint64_t index, n_runs; /* of the run, of all runs */
    struct csv_reader reader;
    enum merge_change *changes; /* owned; per column */
    int order_column;           /* -1: none */
    bool has_row;
    double order; /* of the current row, after the shift; a row without a time comes first */
};

/* Opens the run's file, or a compressed one in its place, and goes to its first row: 1, or 0 when there is
 * neither, or -1. Call merge_source_fini in any case; a zeroed one is fine. */
int merge_source_open(struct merge_source *s, const struct merge_run *run, const struct merge_rows_file *file,
                      struct err *e);
void merge_source_fini(struct merge_source *s);

/* Goes to the next row; of a killed generator, to one of its whole seconds. */
int merge_source_next(struct merge_source *s, struct err *e);
/* Writes the current row. */
int merge_source_write(const struct merge_source *s, struct csv_writer *w, struct err *e);

#endif
