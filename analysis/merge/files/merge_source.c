#include "merge_source.h"

#include "err.h"
#include "files.h"
#include "merge_run.h"
#include "packed_file.h"
#include "run_file.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

enum { NAME_BYTES = 64 };

static int find_columns(struct merge_source *s, const struct merge_rows_file *file, struct err *e)
{
    s->changes = calloc(s->reader.n_columns + 1, sizeof *s->changes);
    if (!s->changes)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", s->reader.path);
    for (size_t i = 0; file->changes[i].column; i++) {
        const int column = csv_column(&s->reader, file->changes[i].column, e);
        if (column < 0)
            return -1;
        s->changes[column] = file->changes[i].change;
    }
    s->order_column = file->order_by ? csv_column(&s->reader, file->order_by, e) : -1;
    return 0;
}

/* The path of the file, or of a compressed one in its place: 1, or 0 when there is neither, or -1. */
static int find_file(const struct merge_run *run, const char *name, char path[PATH_MAX], bool *is_packed,
                     struct err *e)
{
    char packed[NAME_BYTES];
    snprintf(packed, sizeof packed, "%s.zst", name);
    if (run_file_path(run->folder, name, path, e))
        return -1;
    *is_packed = access(path, F_OK) != 0;
    if (*is_packed && run_file_path(run->folder, packed, path, e))
        return -1;
    return access(path, F_OK) == 0;
}

/* Whether there is nothing to read, not even a header: a killed process, or a full disk, may have kept it
 * from the file. */
static bool is_empty(FILE *stream)
{
    const int first = getc(stream);
    return first == EOF || ungetc(first, stream) == EOF;
}

/* 1, or 0 when the run left the file empty, or -1. */
static int open_reader(struct merge_source *s, const char *path, bool is_packed, struct err *e)
{
    const bool may_be_cut = merge_run_may_be_cut(s->run);
    if (files_want_regular(path, e))
        return -1;
    FILE *stream = is_packed ? packed_file_open(path, may_be_cut) : fopen(path, "re");
    if (stream && may_be_cut && is_empty(stream)) {
        fclose(stream);
        return 0;
    }
    return csv_open_results_stream(&s->reader, stream, path, e) ? -1 : 1;
}

int merge_source_open(struct merge_source *s, const struct merge_run *run, const struct merge_rows_file *file,
                      struct err *e)
{
    char path[PATH_MAX];
    bool is_packed;
    s->run = run;
    int is_there = find_file(run, file->name, path, &is_packed, e);
    if (is_there > 0)
        is_there = open_reader(s, path, is_packed, e);
    if (is_there <= 0)
        return is_there;
    s->reader.may_be_cut = merge_run_may_be_cut(run);
    if (find_columns(s, file, e) || merge_source_next(s, e))
        return -1;
    return 1;
}

void merge_source_fini(struct merge_source *s)
{
    csv_reader_fini(&s->reader);
    free(s->changes);
}

static double shift_of(const struct merge_run *run, enum merge_change change)
{
    return change == MERGE_SECOND   ? (double)run->shift_s
           : change == MERGE_REAL_S ? (double)run->shift_ns / 1e9
           : change == MERGE_NS     ? (double)run->shift_ns
                                    : 0;
}

/* Whether a row of that time lies behind the whole seconds. */
static bool is_beyond(const struct merge_source *s, double own)
{
    const double unit = s->changes[s->order_column] == MERGE_NS ? 1e9 : 1;
    return s->run->whole_s != RUN_FILE_WHOLE && own >= (double)s->run->whole_s * unit;
}

int merge_source_next(struct merge_source *s, struct err *e)
{
    double own = -INFINITY;
    int more;
    do {
        more = csv_next(&s->reader, e);
        if (more > 0 && s->order_column >= 0 && csv_get_real(&s->reader, s->order_column, -INFINITY, &own, e))
            return -1;
    } while (more > 0 && s->order_column >= 0 && is_beyond(s, own));
    s->has_row = more > 0;
    s->order = s->order_column < 0 ? 0 : own + shift_of(s->run, s->changes[s->order_column]);
    return more < 0 ? -1 : 0;
}

/* Shares have numbers of the whole run; those of other generators become unique, and division gives the
 * original back. */
static uint64_t unique_number(const struct merge_source *s, uint64_t number)
{
    return s->run->share.count > 0 ? number : number * s->n_runs + s->index;
}

static int write_changed(const struct merge_source *s, struct csv_writer *w, int column, struct err *e)
{
    const char *text = s->reader.fields[column];
    const enum merge_change change = s->changes[column];
    double real;
    if (csv_get_real(&s->reader, column, 0, &real, e))
        return -1;
    if (!*text)
        csv_empty(w);
    else if (change == MERGE_REAL_S)
        csv_fixed(w, real + shift_of(s->run, change), 6);
    else if (change == MERGE_NS) /* as integers: a double loses nanoseconds after 104 days */
        csv_i64(w, strtoll(text, NULL, 10) + (int64_t)s->run->shift_ns);
    else if (change == MERGE_NUMBER)
        csv_u64(w, unique_number(s, strtoull(text, NULL, 10)));
    else
        csv_u64(w,
                strtoull(text, NULL, 10) + (change == MERGE_THREAD ? s->run->first_thread : s->run->shift_s));
    return 0;
}

int merge_source_write(const struct merge_source *s, struct csv_writer *w, struct err *e)
{
    for (size_t i = 0; i < s->reader.n_fields; i++)
        if (s->changes[i] == MERGE_KEEP)
            csv_text(w, s->reader.fields[i]);
        else if (write_changed(s, w, (int)i, e))
            return -1;
    csv_end_row(w);
    return 0;
}
