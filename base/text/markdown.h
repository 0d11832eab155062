/* Markdown as GitHub and GitLab render it: texts from outside are escaped, so that they show as they are, and
 * tables. */
#ifndef BASE_MARKDOWN_H
#define BASE_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Writes the text on one line, with nothing in it that is markup, HTML or the end of a table's cell. */
void markdown_text(FILE *out, const char *text);

/* The same in `code`. */
void markdown_code(FILE *out, const char *text);

struct markdown_column {
    const char *title;
    bool is_number; /* aligns right */
};

/* The two rows that begin a table, which needs an empty line before it. */
void markdown_head(FILE *out, const struct markdown_column *columns, size_t n);
/* A row of it; the cells are escaped. */
void markdown_row(FILE *out, const char *const *cells, size_t n);

#endif
