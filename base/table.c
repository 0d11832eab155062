#include "table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void table_column(struct table *t, enum table_align align, unsigned gap)
{
    assert(t->n_columns < TABLE_COLUMNS_MOST && t->n_cells == 0);
    t->columns[t->n_columns].align = align;
    t->columns[t->n_columns].gap = gap;
    t->n_columns++;
}

void table_cell(struct table *t, const char *format, ...)
{
    if (t->n_cells == t->capacity) {
        const size_t capacity = t->capacity ? 2 * t->capacity : 64;
        char **larger = realloc(t->cells, capacity * sizeof *larger);
        if (!larger) {
            t->failed = true;
            return;
        }
        t->cells = larger;
        t->capacity = capacity;
    }
    va_list arguments;
    va_start(arguments, format);
    const int length = vasprintf(&t->cells[t->n_cells], format, arguments);
    va_end(arguments);
    if (length < 0)
        t->failed = true;
    else
        t->n_cells++;
}

void table_end_row(struct table *t)
{
    while (t->n_cells % t->n_columns != 0 && !t->failed)
        table_cell(t, "%s", "");
}

size_t table_text_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static void measure(const struct table *t, size_t *width)
{
    memset(width, 0, t->n_columns * sizeof *width);
    for (size_t i = 0; i < t->n_cells; i++) {
        const size_t cell = table_text_width(t->cells[i]);
        if (cell > width[i % t->n_columns])
            width[i % t->n_columns] = cell;
    }
}

static void print_blanks(FILE *out, size_t n)
{
    while (n-- > 0)
        putc(' ', out);
}

/* Blanks wait until something follows them, so that none stands at the end of the line. */
static void print_row(const struct table *t, char *const *cells, const size_t *width, FILE *out)
{
    size_t pending = 0;
    for (size_t c = 0; c < t->n_columns; c++) {
        const size_t blanks = width[c] - table_text_width(cells[c]);
        const bool right = t->columns[c].align == TABLE_RIGHT;
        pending += t->columns[c].gap + (right ? blanks : 0);
        if (*cells[c]) {
            print_blanks(out, pending);
            fputs(cells[c], out);
            pending = 0;
        }
        pending += right ? 0 : blanks;
    }
    putc('\n', out);
}

int table_print(const struct table *t, FILE *out)
{
    size_t width[TABLE_COLUMNS_MOST];
    measure(t, width);
    for (size_t i = 0; i + t->n_columns <= t->n_cells; i += t->n_columns)
        print_row(t, &t->cells[i], width, out);
    return t->failed ? -1 : 0;
}

void table_fini(struct table *t)
{
    for (size_t i = 0; i < t->n_cells; i++)
        free(t->cells[i]);
    free(t->cells);
    *t = (struct table){ 0 };
}
