/* What merging CSV files of the same kind needs: the same columns in all, and the same header again. */
#ifndef MERGE_CSV_H
#define MERGE_CSV_H

struct csv_reader;
struct csv_writer;
struct err;

/* -1 and a sentence when the columns or their order differ. */
int merge_csv_same_header(const struct csv_reader *a, const struct csv_reader *b, struct err *e);
/* Creates `path` with the header of `like`. */
int merge_csv_create(struct csv_writer *w, const char *path, const struct csv_reader *like, struct err *e);

#endif
