/* A table for a terminal: cells are collected as text, columns become as wide as their widest cell, numbers
 * align right or by their decimal points, and words left. Width counts characters, not bytes, so "µs" and "±"
 * align, and not the styles of a terminal (term.h). */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum table_align {
    TABLE_LEFT,
    TABLE_RIGHT,
    TABLE_POINT, /* cells that begin with a digit by their decimal points, "6.1*" below "11.3"; others right
                  */
};

enum { TABLE_COLUMNS_MOST = 24 };

struct table {
    struct {
        enum table_align align;
        unsigned gap; /* blanks in front */
    } columns[TABLE_COLUMNS_MOST];
    size_t n_columns;
    char **cells; /* owned; row by row, n_columns each */
    size_t n_cells, capacity;
    bool failed; /* memory was short: table_print returns -1 */
};

/* A zeroed table is empty. Columns first, then cells. */
void table_column(struct table *t, enum table_align align, unsigned gap);
/* The next cell, from left to right and then the next row. */
void table_cell(struct table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Fills the row with empty cells; nothing at the start of a row. */
void table_end_row(struct table *t);
/* Prints all rows, without blanks at the end of lines. -1 when memory was short while cells were added. */
int table_print(const struct table *t, FILE *out);
/* Prints one row as table_print would. */
void table_print_row(const struct table *t, size_t row, FILE *out);
/* Characters of the longest line, blanks at its end included. */
size_t table_width(const struct table *t);
void table_fini(struct table *t);

#endif
