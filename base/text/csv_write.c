#include "csv.h"

#include "err.h"
#include "files.h"
#include "kept_file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int csv_create(struct csv_writer *w, const char *path, const char *header, struct err *e)
{
    struct err ignored;
    *w = (struct csv_writer){ .path = strdup(path) };
    if (w->path)
        w->file = kept_file_create(path, &w->kept);
    if (!w->file) {
        err_errno(e, ERR_FAILED, "cannot create %s", path);
        goto fail;
    }
    fprintf(w->file, "%s\n", header);
    if (csv_flush(w, e) == 0)
        return 0;
fail:
    csv_close(w, &ignored);
    return -1;
}

static void separate(struct csv_writer *w)
{
    if (w->in_row)
        putc(',', w->file);
    w->in_row = true;
}

void csv_text(struct csv_writer *w, const char *text)
{
    const bool is_quoted = strpbrk(text, ",\"\r\n") != NULL;
    separate(w);
    if (is_quoted)
        putc('"', w->file);
    if (csv_is_formula(text))
        putc('\'', w->file);
    if (!is_quoted) {
        fputs(text, w->file);
        return;
    }
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

void csv_u64_if(struct csv_writer *w, bool is_known, uint64_t value)
{
    if (is_known)
        csv_u64(w, value);
    else
        csv_empty(w);
}

void csv_us_if(struct csv_writer *w, bool is_known, uint64_t ns)
{
    if (is_known)
        csv_us(w, ns);
    else
        csv_empty(w);
}

void csv_end_row(struct csv_writer *w)
{
    putc('\n', w->file);
    w->in_row = false;
}

int csv_flush(struct csv_writer *w, struct err *e)
{
    errno = 0;
    if (fflush(w->file) == 0 && w->kept)
        errno = kept_file_cause(w->kept);
    return errno ? err_errno(e, ERR_FAILED, "cannot write %s", w->path) : 0;
}

int csv_close(struct csv_writer *w, struct err *e)
{
    int status = 0;
    if (w->file)
        status = files_close(w->file, w->path, e);
    free(w->path);
    *w = (struct csv_writer){ 0 };
    return status;
}
