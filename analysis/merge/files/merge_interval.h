/* Merges the rows of intervals.csv of one second, stream and step. Counts are added, maxima are the greatest,
 * and percentiles come from the added histograms and counts of that second, as in `loadgen run`. */
#ifndef MERGE_INTERVAL_H
#define MERGE_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

struct csv_reader;
struct csv_writer;
struct err;
struct hist;
struct merge;
struct merge_column;
struct merge_interval_row;
struct merge_run;
struct run_json;
struct tag_set;

struct merge_interval {
    const struct run_json *run;   /* borrowed; all runs have its streams */
    struct merge_column *columns; /* owned */
    const char *const *names;     /* of the columns; borrowed */
    size_t n_columns;
    int stream_column, step_column;
    struct merge_interval_row *rows; /* owned; per stream, and before it one per row of a session stream */
    size_t n_rows;
    struct hist *times, *ages; /* owned; scratch */
};

/* `like` has the columns of all files; it and the merge are borrowed. Call merge_interval_fini even on
 * failure; a zeroed struct is fine. */
int merge_interval_init(struct merge_interval *m, const struct merge *merge, const struct csv_reader *like,
                        struct err *e);
void merge_interval_fini(struct merge_interval *m);

/* Adds the reader's current row, which is of that generator. */
int merge_interval_add(struct merge_interval *m, const struct merge_run *run, const struct csv_reader *row,
                       struct err *e);
/* Adds the rows of later generators. */
void merge_interval_take(struct merge_interval *m, const struct merge_interval *later);
void merge_interval_clear(struct merge_interval *m);

/* Writes the row of each stream that had any. `tags` holds the histograms of the second. A row is also
 * partial when a generator that sends requests of the stream had none in this second or was in another phase.
 */
void merge_interval_write(struct merge_interval *m, struct csv_writer *w, uint64_t second,
                          const struct tag_set *tags);

#endif
