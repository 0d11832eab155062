#include "merge_columns.h"

#include "csv.h"
#include "err.h"
#include "text_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int merge_columns_same(const struct csv_reader *a, const struct csv_reader *b, struct err *e)
{
    bool is_same = a->n_columns == b->n_columns;
    for (size_t i = 0; is_same && i < a->n_columns; i++)
        is_same = strcmp(a->columns[i], b->columns[i]) == 0;
    return is_same ? 0 : err_set(e, ERR_INPUT, "%s and %s have different columns", a->path, b->path);
}

int merge_columns_create(struct csv_writer *w, const char *path, const struct csv_reader *like, struct err *e)
{
    struct text_out text;
    const bool has_memory = text_out_begin(&text);
    for (size_t i = 0; has_memory && i < like->n_columns; i++)
        fprintf(text.file, "%s%s", i > 0 ? "," : "", like->columns[i]);
    char *header = text_out_end(&text);
    const int status =
        header ? csv_create(w, path, header, e) : err_set(e, ERR_FAILED, "out of memory for %s", path);
    free(header);
    return status;
}
