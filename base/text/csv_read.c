#include "csv.h"

#include "err.h"
#include "files.h"
#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int add_field(struct csv_reader *r, char *field)
{
    if (r->n_fields == r->fields_capacity) {
        const size_t capacity = r->fields_capacity ? 2 * r->fields_capacity : 32;
        char **larger = realloc(r->fields, capacity * sizeof *larger);
        if (!larger)
            return -1;
        r->fields = larger;
        r->fields_capacity = capacity;
    }
    r->fields[r->n_fields++] = field;
    return 0;
}

static bool has_odd_quotes(const char *text, size_t length)
{
    bool odd = false;
    for (size_t i = 0; i < length; i++)
        odd ^= text[i] == '"';
    return odd;
}

/* Reads a line: its length, 0 at the end of the file, or -1. */
static ssize_t read_line(struct csv_reader *r, char **line, size_t *line_bytes, struct err *e)
{
    errno = 0;
    const ssize_t length = getline(line, line_bytes, r->file);
    if (length < 0)
        return ferror(r->file) || errno == ENOMEM ? err_errno(e, ERR_INPUT, "cannot read %s", r->path) : 0;
    r->n_lines++;
    r->n_bytes += (uint64_t)length;
    r->is_cut = (*line)[length - 1] != '\n';
    return length;
}

/* Appends the next line to a record with an open quote: 1, or 0 at the end of the file, or -1. */
static int append_line(struct csv_reader *r, size_t *length, bool *is_open, struct err *e)
{
    const ssize_t added = read_line(r, &r->more, &r->more_bytes, e);
    if (added <= 0)
        return (int)added;
    if (*length + (size_t)added + 1 > r->line_bytes) {
        const size_t larger_bytes = 2 * (*length + (size_t)added + 1);
        char *larger = realloc(r->line, larger_bytes);
        if (!larger)
            return err_set(e, ERR_FAILED, "out of memory while reading %s", r->path);
        r->line = larger;
        r->line_bytes = larger_bytes;
    }
    memcpy(r->line + *length, r->more, (size_t)added + 1);
    *length += (size_t)added;
    *is_open ^= has_odd_quotes(r->more, (size_t)added);
    return 1;
}

/* Reads one record, which may span lines inside quotes, and removes its line end: 1, or 0 at the end of the
 * file, or -1. */
static int read_record(struct csv_reader *r, size_t *length, struct err *e)
{
    const ssize_t first = read_line(r, &r->line, &r->line_bytes, e);
    if (first <= 0)
        return (int)first;
    r->line_number = r->n_lines;
    r->row_bytes = r->n_bytes - (uint64_t)first;
    *length = (size_t)first;
    bool is_open = has_odd_quotes(r->line, *length);
    for (int more = 1; is_open && more > 0;)
        if ((more = append_line(r, length, &is_open, e)) < 0)
            return -1;
    while (*length > 0 && (r->line[*length - 1] == '\n' || r->line[*length - 1] == '\r'))
        --*length;
    r->line[*length] = '\0';
    return 1;
}

/* Unquotes the field at `*p` in place and moves `*p` past its comma; false when the quoting is broken. */
static bool take_field(char **p, char **field, bool *last)
{
    char *in = *p;
    char *out = in;
    *field = out;
    if (*in == '"') {
        in++;
        while (*in && !(*in == '"' && in[1] != '"')) {
            in += *in == '"';
            *out++ = *in++;
        }
        if (*in != '"')
            return false;
        in++;
    } else {
        in += strcspn(in, ",\"");
        out = in;
    }
    if (*in != ',' && *in != '\0')
        return false;
    *last = *in == '\0';
    *p = in + !*last;
    *out = '\0';
    return true;
}

static char *as_it_was(char *field)
{
    if (*field == '\'' && csv_is_formula(field))
        field++;
    utf8_line(field);
    return field;
}

static int split_record(struct csv_reader *r, size_t length, struct err *e)
{
    if (strlen(r->line) != length)
        return err_set(e, ERR_INPUT, "%s:%" PRIu64 ": a NUL byte has no place in a CSV file", r->path,
                       r->line_number);
    r->n_fields = 0;
    char *p = r->line;
    for (bool last = false; !last;) {
        char *field;
        if (!take_field(&p, &field, &last))
            return err_set(e, ERR_INPUT,
                           "%s:%" PRIu64 ": quotes must enclose a whole cell, and stand twice within it",
                           r->path, r->line_number);
        if (r->is_ours)
            field = as_it_was(field);
        if (add_field(r, field))
            return err_set(e, ERR_FAILED, "out of memory while reading %s", r->path);
    }
    return 0;
}

static int keep_columns(struct csv_reader *r, struct err *e)
{
    r->columns = calloc(r->n_fields, sizeof *r->columns);
    for (; r->columns && r->n_columns < r->n_fields; r->n_columns++) {
        r->columns[r->n_columns] = strdup(r->fields[r->n_columns]);
        if (!r->columns[r->n_columns])
            break;
    }
    return r->n_columns == r->n_fields ? 0
                                       : err_set(e, ERR_FAILED, "out of memory while reading %s", r->path);
}

/* The byte-order mark that spreadsheets put before UTF-8. */
static void drop_mark(char *line, size_t *length)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (*length < sizeof mark - 1 || memcmp(line, mark, sizeof mark - 1) != 0)
        return;
    *length -= sizeof mark - 1;
    memmove(line, line + sizeof mark - 1, *length + 1);
}

static int read_header(struct csv_reader *r, FILE *stream, const char *path, struct err *e)
{
    r->file = stream;
    r->path = strdup(path);
    if (!r->file || !r->path) {
        err_errno(e, ERR_INPUT, "cannot open %s", path);
        goto fail;
    }
    size_t length = 0;
    const int more = read_record(r, &length, e);
    if (more == 0)
        err_set(e, ERR_INPUT, "%s is empty; a header row was expected", path);
    else if (more > 0)
        drop_mark(r->line, &length);
    if (more <= 0 || split_record(r, length, e) || keep_columns(r, e))
        goto fail;
    return 0;
fail:
    csv_reader_fini(r);
    return -1;
}

int csv_open(struct csv_reader *r, const char *path, struct err *e)
{
    *r = (struct csv_reader){ 0 };
    return read_header(r, fopen(path, "re"), path, e);
}

int csv_open_stream(struct csv_reader *r, FILE *stream, const char *path, struct err *e)
{
    *r = (struct csv_reader){ 0 };
    return read_header(r, stream, path, e);
}

int csv_open_results(struct csv_reader *r, const char *path, struct err *e)
{
    *r = (struct csv_reader){ .is_ours = true };
    return files_want_regular(path, e) ? -1 : read_header(r, fopen(path, "re"), path, e);
}

int csv_open_results_stream(struct csv_reader *r, FILE *stream, const char *path, struct err *e)
{
    *r = (struct csv_reader){ .is_ours = true };
    return read_header(r, stream, path, e);
}

struct csv_place csv_place(const struct csv_reader *r)
{
    return (struct csv_place){ r->row_bytes, r->line_number };
}

int csv_go(struct csv_reader *r, struct csv_place place, struct err *e)
{
    r->n_bytes = place.bytes;
    r->n_lines = place.line_number - 1;
    return fseeko(r->file, (off_t)place.bytes, SEEK_SET) == 0
               ? 0
               : err_errno(e, ERR_FAILED, "cannot read %s", r->path);
}

int csv_column(const struct csv_reader *r, const char *name, struct err *e)
{
    for (size_t i = 0; i < r->n_columns; i++)
        if (strcmp(r->columns[i], name) == 0)
            return (int)i;
    return err_set(e, ERR_INPUT, "%s has no column '%s'", r->path, name);
}

static int next_record(struct csv_reader *r, struct err *e)
{
    size_t length = 0;
    const int more = read_record(r, &length, e);
    if (more > 0 && r->is_cut && r->may_be_cut)
        return 0;
    if (more >= 0 && r->is_cut && r->is_ours)
        return err_set(e, ERR_INPUT, "%s:%" PRIu64 ": the line is cut short: the file is not whole", r->path,
                       r->line_number);
    if (more <= 0)
        return more;
    return split_record(r, length, e) ? -1 : 1;
}

void csv_end_before(struct csv_reader *r, int column, uint64_t end)
{
    r->has_end = true;
    r->end_column = column;
    r->end = (double)end;
}

/* 1, 0 at the end, or -1. */
static int look_for_end(const struct csv_reader *r, struct err *e)
{
    double at;
    if (csv_get_real(r, r->end_column, 0, &at, e))
        return -1;
    return at < r->end;
}

int csv_next(struct csv_reader *r, struct err *e)
{
    int more;
    do
        more = next_record(r, e);
    while (more == 1 && r->n_fields == 1 && r->skips_remarks);
    if (more == 1 && r->n_fields != r->n_columns)
        return err_set(e, ERR_INPUT, "%s:%" PRIu64 ": the row has %zu cells where the header has %zu",
                       r->path, r->line_number, r->n_fields, r->n_columns);
    return more == 1 && r->has_end ? look_for_end(r, e) : more;
}

static int bad_cell(const struct csv_reader *r, int column, const char *right, struct err *e)
{
    return err_set(e, ERR_INPUT, "%s:%" PRIu64 ": column '%s' must hold %s, not '%.40s'", r->path,
                   r->line_number, r->columns[column], right, r->fields[column]);
}

int csv_get_u64(const struct csv_reader *r, int column, uint64_t if_empty, uint64_t *value, struct err *e)
{
    const char *text = r->fields[column];
    char *end;
    if (!*text) {
        *value = if_empty;
        return 0;
    }
    errno = 0;
    const unsigned long long number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno)
        return bad_cell(r, column, "a whole number", e);
    *value = number;
    return 0;
}

int csv_get_real(const struct csv_reader *r, int column, double if_empty, double *value, struct err *e)
{
    const char *text = r->fields[column];
    char *end;
    if (!*text) {
        *value = if_empty;
        return 0;
    }
    const double number = strtod(text, &end);
    const bool is_plain = text[strspn(text, "0123456789.+-eE")] == '\0'; /* no blanks, hex, nan */
    if (!is_plain || *end || !isfinite(number))
        return bad_cell(r, column, "a finite number", e);
    *value = number;
    return 0;
}

void csv_reader_fini(struct csv_reader *r)
{
    if (r->file)
        fclose(r->file);
    for (size_t i = 0; i < r->n_columns; i++)
        free(r->columns[i]);
    free(r->columns);
    free(r->fields);
    free(r->line);
    free(r->more);
    free(r->path);
    *r = (struct csv_reader){ 0 };
}
