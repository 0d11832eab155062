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

/* Characters of UTF-8 text; a style, "ESC [ ... m", has none. */
static size_t text_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++) {
        if (*text == '\033')
            text += strcspn(text, "m");
        else
            width += ((unsigned char)*text & 0xC0) != 0x80;
        if (!*text)
            break;
    }
    return width;
}

/* How wide a column is; where it aligns by points, what stands before and after them. */
struct width {
    size_t all, before, after;
};

static bool has_point(const struct table *t, size_t column, const char *cell)
{
    return t->columns[column].align == TABLE_POINT && *cell >= '0' && *cell <= '9';
}

static size_t before_point(const char *cell)
{
    return strcspn(cell, ".*");
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void measure(const struct table *t, struct width *widths)
{
    memset(widths, 0, t->n_columns * sizeof *widths);
    for (size_t i = 0; i < t->n_cells; i++) {
        struct width *w = &widths[i % t->n_columns];
        const char *cell = t->cells[i];
        const size_t width = text_width(cell);
        if (has_point(t, i % t->n_columns, cell)) {
            w->before = larger(w->before, before_point(cell));
            w->after = larger(w->after, width - before_point(cell));
        }
        w->all = larger(w->all, larger(width, w->before + w->after));
    }
}

/* Blanks in front of a cell, beside the gap. */
static size_t blanks_before(const struct table *t, size_t column, const char *cell, const struct width *w)
{
    if (t->columns[column].align == TABLE_LEFT)
        return 0;
    if (has_point(t, column, cell))
        return w->all - w->after - before_point(cell);
    return w->all - text_width(cell);
}

static void print_blanks(FILE *out, size_t n)
{
    while (n-- > 0)
        putc(' ', out);
}

/* Blanks wait until something follows them, so that no line ends with one. */
static void print_row(const struct table *t, char *const *cells, const struct width *widths, FILE *out)
{
    size_t pending = 0;
    for (size_t c = 0; c < t->n_columns; c++) {
        const size_t before = blanks_before(t, c, cells[c], &widths[c]);
        pending += t->columns[c].gap + before;
        if (*cells[c]) {
            print_blanks(out, pending);
            fputs(cells[c], out);
            pending = 0;
        }
        pending += widths[c].all - before - text_width(cells[c]);
    }
    putc('\n', out);
}

int table_print(const struct table *t, FILE *out)
{
    struct width widths[TABLE_COLUMNS_MOST];
    measure(t, widths);
    for (size_t i = 0; i + t->n_columns <= t->n_cells; i += t->n_columns)
        print_row(t, &t->cells[i], widths, out);
    return t->failed ? -1 : 0;
}

void table_print_row(const struct table *t, size_t row, FILE *out)
{
    struct width widths[TABLE_COLUMNS_MOST];
    measure(t, widths);
    print_row(t, &t->cells[row * t->n_columns], widths, out);
}

size_t table_width(const struct table *t)
{
    struct width widths[TABLE_COLUMNS_MOST];
    size_t width = 0;
    measure(t, widths);
    for (size_t c = 0; c < t->n_columns; c++)
        width += t->columns[c].gap + widths[c].all;
    return width;
}

void table_fini(struct table *t)
{
    for (size_t i = 0; i < t->n_cells; i++)
        free(t->cells[i]);
    free(t->cells);
    *t = (struct table){ 0 };
}
