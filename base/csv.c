#include "csv.h"

#include "err.h"
#include "files.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int csv_create(struct csv_writer *w, const char *path, const char *header, struct err *e)
{
    *w = (struct csv_writer){ .file = fopen(path, "we"), .path = strdup(path) };
    if (!w->file || !w->path) {
        err_errno(e, ERR_FAILED, "cannot create %s", path);
        free(w->path);
        if (w->file)
            fclose(w->file);
        *w = (struct csv_writer){ 0 };
        return -1;
    }
    fprintf(w->file, "%s\n", header);
    return 0;
}

static void separate(struct csv_writer *w)
{
    if (w->in_row)
        putc(',', w->file);
    w->in_row = true;
}

void csv_text(struct csv_writer *w, const char *text)
{
    separate(w);
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, w->file);
        return;
    }
    putc('"', w->file);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', w->file);
        putc(*text, w->file);
    }
    putc('"', w->file);
}

void csv_u64(struct csv_writer *w, uint64_t value)
{
    separate(w);
    fprintf(w->file, "%" PRIu64, value);
}

void csv_i64(struct csv_writer *w, int64_t value)
{
    separate(w);
    fprintf(w->file, "%" PRId64, value);
}

void csv_fixed(struct csv_writer *w, double value, int decimals)
{
    separate(w);
    if (isfinite(value))
        fprintf(w->file, "%.*f", decimals, value);
}

void csv_real(struct csv_writer *w, double value)
{
    separate(w);
    if (isfinite(value))
        fprintf(w->file, "%.9g", value);
}

void csv_us(struct csv_writer *w, uint64_t ns)
{
    separate(w);
    fprintf(w->file, "%" PRIu64 ".%03" PRIu64, ns / 1000, ns % 1000);
}

void csv_s(struct csv_writer *w, uint64_t ns)
{
    separate(w);
    fprintf(w->file, "%" PRIu64 ".%06" PRIu64, ns / 1000000000, ns % 1000000000 / 1000);
}

void csv_empty(struct csv_writer *w)
{
    separate(w);
}

void csv_end_row(struct csv_writer *w)
{
    putc('\n', w->file);
    w->in_row = false;
}

void csv_flush(struct csv_writer *w)
{
    if (fflush(w->file) && !w->cause)
        w->cause = errno;
}

int csv_close(struct csv_writer *w, struct err *e)
{
    int status = 0;
    if (w->file)
        status = files_close(w->file, w->path, e);
    if (w->cause) {
        errno = w->cause;
        status = err_errno(e, ERR_FAILED, "cannot write %s", w->path);
    }
    free(w->path);
    *w = (struct csv_writer){ 0 };
    return status;
}

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

static bool quotes_are_open(const char *text, size_t length)
{
    bool open = false;
    for (size_t i = 0; i < length; i++)
        open ^= text[i] == '"';
    return open;
}

/* Reads one record, which may span lines inside quotes. Length without the line end, or -1 at the end of the
 * file. */
static ssize_t read_record(struct csv_reader *r)
{
    ssize_t length = getline(&r->line, &r->line_bytes, r->file);
    if (length < 0)
        return -1;
    r->line_number++;
    char *more = NULL;
    size_t more_bytes = 0;
    while (quotes_are_open(r->line, (size_t)length)) {
        const ssize_t added = getline(&more, &more_bytes, r->file);
        char *larger = added < 0 ? NULL : realloc(r->line, (size_t)(length + added) + 1);
        if (!larger)
            break;
        r->line = larger;
        r->line_bytes = (size_t)(length + added) + 1;
        memcpy(r->line + length, more, (size_t)added + 1);
        length += added;
        r->line_number++;
    }
    free(more);
    while (length > 0 && (r->line[length - 1] == '\n' || r->line[length - 1] == '\r'))
        r->line[--length] = '\0';
    return length;
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
        in += strcspn(in, ",");
        out = in;
    }
    if (*in != ',' && *in != '\0')
        return false;
    *last = *in == '\0';
    *p = in + !*last;
    *out = '\0';
    return true;
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
            return err_set(e, ERR_INPUT, "%s:%" PRIu64 ": a quoted cell does not end where it should",
                           r->path, r->line_number);
        if (add_field(r, field))
            return err_set(e, ERR_FAILED, "out of memory while reading %s", r->path);
    }
    return 0;
}

int csv_open(struct csv_reader *r, const char *path, struct err *e)
{
    *r = (struct csv_reader){ .file = fopen(path, "re"), .path = strdup(path) };
    if (!r->file || !r->path) {
        err_errno(e, ERR_INPUT, "cannot open %s", path);
        goto fail;
    }
    const ssize_t length = read_record(r);
    if (length < 0) {
        err_set(e, ERR_INPUT, "%s is empty; a header row was expected", path);
        goto fail;
    }
    if (split_record(r, (size_t)length, e))
        goto fail;
    r->columns = calloc(r->n_fields, sizeof *r->columns);
    for (; r->columns && r->n_columns < r->n_fields; r->n_columns++)
        r->columns[r->n_columns] = strdup(r->fields[r->n_columns]);
    return 0;
fail:
    csv_reader_fini(r);
    return -1;
}

int csv_column(const struct csv_reader *r, const char *name, struct err *e)
{
    for (size_t i = 0; i < r->n_columns; i++)
        if (strcmp(r->columns[i], name) == 0)
            return (int)i;
    return err_set(e, ERR_INPUT, "%s has no column '%s'", r->path, name);
}

int csv_next(struct csv_reader *r, struct err *e)
{
    const ssize_t length = read_record(r);
    if (length < 0 && ferror(r->file))
        return err_errno(e, ERR_INPUT, "cannot read %s", r->path);
    if (length < 0)
        return 0;
    if (split_record(r, (size_t)length, e))
        return -1;
    if (r->n_fields != r->n_columns)
        return err_set(e, ERR_INPUT, "%s:%" PRIu64 ": the row has %zu cells where the header has %zu",
                       r->path, r->line_number, r->n_fields, r->n_columns);
    return 1;
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
    if (*end || end == text || !isfinite(number))
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
    free(r->path);
    *r = (struct csv_reader){ 0 };
}
