/* The files of a run folder: their paths, and reading the tables among them. */
#ifndef RUN_FILE_H
#define RUN_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_reader;
struct err;

/* Writes FOLDER/NAME to `path`; -1 when it is too long. */
int run_file_path(const char *folder, const char *name, char path[PATH_MAX], struct err *e);
/* Opens the table FOLDER/NAME by csv_open_results. On success call csv_reader_fini. */
int run_file_open(struct csv_reader *csv, const char *folder, const char *name, struct err *e);
/* Ends a table by second with the run's whole seconds, and allows for a last line that was cut short; nothing
 * if the run has ended (RUN_FILE_WHOLE). */
#define RUN_FILE_WHOLE UINT64_MAX
void run_file_end_at(struct csv_reader *csv, uint64_t whole_s);
/* The column that says which step of a session stream a row belongs to; -1: the table has none. */
int run_file_step_column(const struct csv_reader *csv);
/* The step of the current row: "" for a stream as a whole. */
const char *run_file_step(const struct csv_reader *csv, int step_column);
/* Whether the current row counts passes of a session, which are no requests. */
bool run_file_is_of_passes(const struct csv_reader *csv, int step_column);
/* Finds the n columns of these names; -1 when one is missing. */
int run_file_columns(const struct csv_reader *csv, const char *const *names, size_t n, int *columns,
                     struct err *e);

#endif
