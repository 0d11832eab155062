#include "note_list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void note_list_add(struct note_list *notes, const char *format, ...)
{
    struct note *rows = realloc(notes->rows, (notes->n + 1) * sizeof *rows);
    char *text = NULL;
    va_list values;
    va_start(values, format);
    if (vasprintf(&text, format, values) < 0)
        text = NULL;
    va_end(values);
    if (rows)
        notes->rows = rows;
    if (rows && text) {
        rows[notes->n++] = (struct note){ notes->heading, text };
    } else {
        free(text);
        notes->is_short = true;
    }
    notes->heading = "";
}

void note_list_fini(struct note_list *notes)
{
    for (size_t i = 0; i < notes->n; i++)
        free(notes->rows[i].text);
    free(notes->rows);
    *notes = (struct note_list){ 0 };
}
