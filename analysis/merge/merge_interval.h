/* The rows of intervals.csv of one second, one per stream: those of several generators are taken in, then one
 * is written. Counts are added, maxima are the greatest; percentiles come from the second's added histograms,
 * and are those of all requests that have a time, as `loadgen run` writes them. */
#ifndef MERGE_INTERVAL_H
#define MERGE_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

struct csv_reader;
struct csv_writer;
struct err;
struct hist;
struct merge_column;
struct merge_interval_row;
struct run_json;
struct tag_set;

struct merge_interval {
    const struct run_json *run; /* borrowed; its streams are those of all */
    size_t n_runs;
    struct merge_column *columns; /* owned */
    size_t n_columns;
    int stream_column;
    struct merge_interval_row *rows; /* owned; per stream */
    struct hist *scratch;            /* owned */
};

/* `like` has the columns of all files. Call merge_interval_fini in every case; harmless on a zeroed one. */
int merge_interval_init(struct merge_interval *m, const struct run_json *run, size_t n_runs,
                        const struct csv_reader *like, struct err *e);
void merge_interval_fini(struct merge_interval *m);

/* Takes in the reader's current row. */
int merge_interval_add(struct merge_interval *m, const struct csv_reader *row, struct err *e);

/* Writes a row for each stream that had one, and empties them. `tags` are the histograms of the second. A row
 * is partial, too, when a generator had none in this second or was in another phase. */
void merge_interval_write(struct merge_interval *m, struct csv_writer *w, uint64_t second,
                          const struct tag_set *tags);

#endif
