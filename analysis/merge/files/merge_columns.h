/* The CSV headers that the files of all generators must share. */
#ifndef MERGE_COLUMNS_H
#define MERGE_COLUMNS_H

struct csv_reader;
struct csv_writer;
struct err;

/* -1 when the two files differ in their columns or the columns' order. */
int merge_columns_same(const struct csv_reader *a, const struct csv_reader *b, struct err *e);
/* Creates the CSV file `path` with the columns of `like`. */
int merge_columns_create(struct csv_writer *w, const char *path, const struct csv_reader *like,
                         struct err *e);

#endif
