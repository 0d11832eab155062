/* The sum of one second over generators: histograms by tag, and a row of intervals.csv for each stream. */
#ifndef MERGE_SECOND_H
#define MERGE_SECOND_H

#include "merge_interval.h"
#include "tag_set.h"

#include <stddef.h>
#include <stdint.h>

struct csv_reader;
struct csv_writer;
struct err;
struct hlog_line;
struct hlog_reader;
struct hlog_writer;
struct merge;
struct merge_run;

struct merge_second {
    struct tag_set tags;
    uint64_t length_ns; /* of the longest line */
    struct merge_interval rows;
    const struct tag_row **order; /* owned; the tags as they are written, whatever order they came in */
    size_t n_order;
};

/* `like` has the columns of intervals.csv and is borrowed. Call merge_second_fini even on failure. */
int merge_second_init(struct merge_second *s, const struct merge *m, const struct csv_reader *like,
                      struct err *e);
void merge_second_fini(struct merge_second *s);

/* Adds the current line of the log, or the current row of intervals.csv. */
int merge_second_add_line(struct merge_second *s, struct hlog_reader *log, const struct hlog_line *line,
                          struct err *e);
int merge_second_add_row(struct merge_second *s, const struct merge_run *run, const struct csv_reader *row,
                         struct err *e);
/* Adds the sum over later generators, and empties it. */
int merge_second_take(struct merge_second *s, struct merge_second *later, struct err *e);
/* Writes what was added, and empties it. */
int merge_second_write(struct merge_second *s, uint64_t second, struct hlog_writer *log,
                       struct csv_writer *intervals, struct err *e);

#endif
