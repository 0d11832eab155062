#include "recording_line.h"

#include "err.h"
#include "request.h"
#include "template.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char header_prefix[] = "header:";

/* A quoted cell from its opening quote on; returns what follows its closing quote, or NULL. */
static char *cut_quoted(struct recording_text *cell, char *at, const char *end)
{
    char *to = ++at;
    cell->text = to;
    for (; at < end; *to++ = *at++) {
        if (*at != '"')
            continue;
        if (at + 1 == end || at[1] != '"') {
            cell->length_bytes = (size_t)(to - cell->text);
            return at + 1;
        }
        at++;
    }
    return NULL;
}

/* Our CSV writers put an apostrophe before what a spreadsheet would run (csv.h). */
static void drop_mark(struct recording_text *cell)
{
    size_t n = 0;
    while (n < cell->length_bytes && cell->text[n] == '\'')
        n++;
    if (n > 0 && n < cell->length_bytes && memchr("=+-@", cell->text[n], 4))
        *cell = (struct recording_text){ cell->text + 1, cell->length_bytes - 1 };
}

const char *recording_cells_cut(struct recording_cells *cells, char *line, size_t length_bytes)
{
    char *at = line;
    char *const end = line + length_bytes;
    for (cells->n = 0;; at++) {
        if (cells->n == RECORDING_CELLS_MOST)
            return "it has more than 32 cells";
        struct recording_text *cell = &cells->list[cells->n++];
        if (at < end && *at == '"') {
            at = cut_quoted(cell, at, end);
            if (!at)
                return "a quote is not closed on its line";
            if (at < end && *at != ',')
                return "a comma must follow a closing quote";
        } else {
            char *comma = memchr(at, ',', (size_t)(end - at));
            *cell = (struct recording_text){ at, (size_t)((comma ? comma : end) - at) };
            at = comma ? comma : end;
        }
        drop_mark(cell);
        if (at == end)
            return NULL;
    }
}

static bool is_text(const struct recording_text *cell, const char *text)
{
    return strlen(text) == cell->length_bytes && memcmp(cell->text, text, cell->length_bytes) == 0;
}

static int add_header(struct recording_columns *c, const struct recording_text *cell, int index,
                      struct err *e)
{
    const size_t prefix = sizeof header_prefix - 1;
    struct recording_header_column *h = &c->headers[c->n_headers];
    h->cell = index;
    h->name = strndup(cell->text + prefix, cell->length_bytes - prefix);
    if (!h->name)
        return plan_out_of_memory(e);
    c->n_headers++;
    for (size_t i = 0; i + 1 < c->n_headers; i++)
        if (strcasecmp(c->headers[i].name, h->name) == 0)
            return err_set(e, ERR_INPUT, "two columns hold the header %.64s", h->name);
    return request_check_header(h->name, "", e);
}

/* Columns of other names are for people. */
static int add_column(struct recording_columns *c, const struct recording_text *cell, int index,
                      struct err *e)
{
    const struct {
        const char *name;
        int *index;
    } known[] = { { "due_s", &c->due },
                  { "method", &c->method },
                  { "path", &c->path },
                  { "row", &c->row },
                  { "took_s", &c->took } };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!is_text(cell, known[i].name))
            continue;
        if (*known[i].index >= 0)
            return err_set(e, ERR_INPUT, "two columns are named '%s'", known[i].name);
        *known[i].index = index;
        return 0;
    }
    const bool is_header = cell->length_bytes >= sizeof header_prefix - 1 &&
                           memcmp(cell->text, header_prefix, sizeof header_prefix - 1) == 0;
    return is_header ? add_header(c, cell, index, e) : 0;
}

int recording_columns_read(struct recording_columns *columns, char *line, size_t length_bytes, struct err *e)
{
    struct recording_cells cells;
    *columns = (struct recording_columns){ .due = -1, .method = -1, .path = -1, .row = -1, .took = -1 };
    const char *wrong = recording_cells_cut(&cells, line, length_bytes);
    if (wrong)
        return err_set(e, ERR_INPUT, "the heading cannot be read: %s", wrong);
    columns->n = cells.n;
    for (size_t i = 0; i < cells.n; i++)
        if (add_column(columns, &cells.list[i], (int)i, e))
            return -1;
    if (columns->due < 0 || columns->path < 0)
        return err_set(e, ERR_INPUT,
                       "recorded requests need a heading with the columns 'due_s' and 'path', such as "
                       "'due_s,method,path'");
    return 0;
}

void recording_columns_fini(struct recording_columns *columns)
{
    for (size_t i = 0; i < columns->n_headers; i++)
        free(columns->headers[i].name);
    columns->n_headers = 0;
}

bool recording_seconds(const struct recording_text *text, uint64_t *ns)
{
    enum { DECIMALS = 9 };
    uint64_t value = 0;
    int n_decimals = -1; /* no point yet */
    size_t n_digits = 0;
    for (size_t i = 0; i < text->length_bytes; i++) {
        const char c = text->text[i];
        if (c == '.' && n_decimals < 0) {
            n_decimals = 0;
            continue;
        }
        if (c < '0' || c > '9' || n_decimals == DECIMALS ||
            __builtin_mul_overflow(value, UINT64_C(10), &value) ||
            __builtin_add_overflow(value, (uint64_t)(c - '0'), &value))
            return false;
        n_digits++;
        n_decimals += n_decimals >= 0;
    }
    for (int i = n_decimals < 0 ? 0 : n_decimals; i < DECIMALS; i++)
        if (__builtin_mul_overflow(value, UINT64_C(10), &value))
            return false;
    *ns = value;
    return n_digits > 0;
}

static const char *check_method(const struct recording_text *method)
{
    char text[64];
    struct err ignored;
    if (is_text(method, "GET"))
        return NULL;
    if (method->length_bytes >= sizeof text)
        return "its method is too long";
    memcpy(text, method->text, method->length_bytes);
    text[method->length_bytes] = '\0';
    return strlen(text) != method->length_bytes || request_check_method(text, &ignored)
               ? "its method must be a word such as GET or POST"
               : NULL;
}

static const char *check_path(const struct recording_text *path)
{
    if (path->length_bytes == 0 || path->text[0] != '/')
        return "its path must begin with /";
    for (size_t i = 0; i < path->length_bytes; i++)
        if (!template_fits(path->text[i], TEMPLATE_PATH) || path->text[i] == '#')
            return "its path must be visible ASCII without #; write other bytes as %20, %C3%A4";
    return NULL;
}

static const char *check_headers(const struct recording_columns *columns, const struct recording_cells *cells)
{
    for (size_t k = 0; k < columns->n_headers; k++) {
        const struct recording_text *value = &cells->list[columns->headers[k].cell];
        for (size_t i = 0; i < value->length_bytes; i++)
            if (!template_fits(value->text[i], TEMPLATE_HEADER))
                return "a header's value must not hold control characters";
    }
    return NULL;
}

static const char *check_row(const struct recording_text *row)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    if (row->length_bytes == 0 || row->length_bytes >= RECORDING_NAME_BYTES)
        return "its row must be a name of 1 to 32 of A-Z a-z 0-9 _ -";
    for (size_t i = 0; i < row->length_bytes; i++)
        if (!memchr(allowed, row->text[i], sizeof allowed - 1))
            return "its row must be a name of 1 to 32 of A-Z a-z 0-9 _ -";
    return NULL;
}

const char *recording_line_read(struct recording_line *out, const struct recording_columns *columns,
                                char *line, size_t length_bytes)
{
    static const struct recording_text get = { "GET", 3 };
    const struct recording_text *list = out->cells.list;
    const char *wrong = recording_cells_cut(&out->cells, line, length_bytes);
    if (wrong)
        return wrong;
    if (out->cells.n != columns->n)
        return "it has another number of cells than the heading";
    if (!recording_seconds(&list[columns->due], &out->due_ns))
        return "its due_s must be seconds such as 12.000125";
    out->took_ns = RECORDING_UNKNOWN;
    if (columns->took >= 0 && list[columns->took].length_bytes > 0 &&
        !recording_seconds(&list[columns->took], &out->took_ns))
        return "its took_s must be seconds such as 0.025, or empty";
    out->method =
        columns->method >= 0 && list[columns->method].length_bytes > 0 ? list[columns->method] : get;
    out->path = list[columns->path];
    out->row = columns->row >= 0 ? list[columns->row] : (struct recording_text){ "", 0 };
    wrong = check_method(&out->method);
    if (!wrong)
        wrong = check_path(&out->path);
    if (!wrong)
        wrong = check_headers(columns, &out->cells);
    return wrong || columns->row < 0 ? wrong : check_row(&out->row);
}
