#include "merge_rows.h"

#include "csv.h"
#include "err.h"
#include "merge_columns.h"
#include "merge_state.h"
#include "run_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum change { CHANGE_NONE, CHANGE_SECOND, CHANGE_REAL_S, CHANGE_NS, CHANGE_THREAD, CHANGE_NUMBER };

struct column_change {
    const char *column;
    enum change change;
};

struct rows_file {
    const char *name;
    const char *order_by;                /* one of the changed columns; NULL: one run after the other */
    const struct column_change *changes; /* ends with a row without a column */
};

static const struct column_change of_errors[] = { { "t_s", CHANGE_SECOND }, { 0 } };
static const struct column_change of_health[] = { { "t_s", CHANGE_SECOND },
                                                  { "thread", CHANGE_THREAD },
                                                  { 0 } };
static const struct column_change of_dns[] = { { "t_s", CHANGE_REAL_S }, { 0 } };
static const struct column_change of_remotes[] = { { 0 } };
static const struct column_change of_requests[] = {
    { "due_ns", CHANGE_NS },
    { "sent_ns", CHANGE_NS },
    { "first_ns", CHANGE_NS },
    { "done_ns", CHANGE_NS },
    { "seq", CHANGE_NUMBER },
    { "conn", CHANGE_NUMBER },
    { 0 },
};

static const struct rows_file files[] = {
    { "errors.csv", "t_s", of_errors },
    { "health.csv", "t_s", of_health },
    { "dns.csv", "t_s", of_dns },
    { "remotes.csv", NULL, of_remotes },
    { "samples.csv", "done_ns", of_requests },
    { "requests.csv", "done_ns", of_requests },
};

/* One run's part of a file. */
struct source {
    const struct merge_run *run;
    uint64_t index, n_runs; /* of the run, of all runs */
    struct csv_reader reader;
    enum change *changes; /* owned; per column */
    int order_column;     /* -1: none */
    bool has_row;
    double order; /* of the current row, after the shift */
};

static int find_columns(struct source *s, const struct rows_file *file, struct err *e)
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

static double shift_of(const struct merge_run *run, enum change change)
{
    return change == CHANGE_SECOND   ? (double)run->shift_s
           : change == CHANGE_REAL_S ? (double)run->shift_ns / 1e9
           : change == CHANGE_NS     ? (double)run->shift_ns
                                     : 0;
}

/* Reads the next row. One without a time comes first. */
static int advance(struct source *s, struct err *e)
{
    const int more = csv_next(&s->reader, e);
    s->has_row = more > 0;
    s->order = 0;
    if (more <= 0 || s->order_column < 0)
        return more < 0 ? -1 : 0;
    if (csv_get_real(&s->reader, s->order_column, -INFINITY, &s->order, e))
        return -1;
    s->order += shift_of(s->run, s->changes[s->order_column]);
    return 0;
}

/* Shares have numbers of the whole run; those of other generators become unique, and division gives the
 * original back. */
static uint64_t unique_number(const struct source *s, uint64_t number)
{
    return s->run->share.count > 0 ? number : number * s->n_runs + s->index;
}

static int put_changed(struct csv_writer *w, const struct source *s, int column, struct err *e)
{
    const char *text = s->reader.fields[column];
    const enum change change = s->changes[column];
    double real;
    if (csv_get_real(&s->reader, column, 0, &real, e))
        return -1;
    if (!*text)
        csv_empty(w);
    else if (change == CHANGE_REAL_S)
        csv_fixed(w, real + shift_of(s->run, change), 6);
    else if (change == CHANGE_NS) /* as integers: a double loses nanoseconds after 104 days */
        csv_i64(w, strtoll(text, NULL, 10) + (int64_t)s->run->shift_ns);
    else if (change == CHANGE_NUMBER)
        csv_u64(w, unique_number(s, strtoull(text, NULL, 10)));
    else
        csv_u64(w, strtoull(text, NULL, 10) +
                       (change == CHANGE_THREAD ? s->run->first_thread : s->run->shift_s));
    return 0;
}

static int put_row(struct csv_writer *w, const struct source *s, struct err *e)
{
    for (size_t i = 0; i < s->reader.n_fields; i++)
        if (s->changes[i] == CHANGE_NONE)
            csv_text(w, s->reader.fields[i]);
        else if (put_changed(w, s, (int)i, e))
            return -1;
    csv_end_row(w);
    return 0;
}

/* The source with the earliest row; among equals, the earlier run's. NULL at the end. */
static struct source *choose(struct source *sources, size_t n)
{
    struct source *first = NULL;
    for (size_t i = 0; i < n; i++)
        if (sources[i].has_row && (!first || sources[i].order < first->order))
            first = &sources[i];
    return first;
}

static int put_rows(struct csv_writer *w, struct source *sources, size_t n, struct err *e)
{
    struct source *next;
    while ((next = choose(sources, n)))
        if (put_row(w, next, e) || advance(next, e))
            return -1;
    return 0;
}

/* Opens the file of every run that has it. */
static int open_sources(const struct merge *m, const struct rows_file *file, struct source *sources,
                        size_t *n, struct err *e)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < m->n_runs; i++) {
        struct source *s = &sources[*n];
        if (run_file_path(m->runs[i].folder, file->name, path, e))
            return -1;
        if (access(path, F_OK))
            continue;
        s->run = &m->runs[i];
        s->index = i;
        s->n_runs = m->n_runs;
        if (csv_open_results(&s->reader, path, e))
            return -1;
        (*n)++;
        if (find_columns(s, file, e) || advance(s, e))
            return -1;
        if (merge_columns_same(&sources[0].reader, &s->reader, e))
            return -1;
    }
    return 0;
}

static int write_file(const struct merge *m, const char *name, struct source *sources, size_t n,
                      struct err *e)
{
    struct csv_writer w;
    struct err closing;
    char path[PATH_MAX];
    if (run_file_path(m->out, name, path, e) || merge_columns_create(&w, path, &sources[0].reader, e))
        return -1;
    if (!put_rows(&w, sources, n, e))
        return csv_close(&w, e);
    csv_close(&w, &closing);
    return -1;
}

static int merge_file(const struct merge *m, const struct rows_file *file, struct err *e)
{
    size_t n = 0;
    struct source *sources = calloc(m->n_runs, sizeof *sources);
    if (!sources)
        return err_set(e, ERR_FAILED, "out of memory while merging %s", file->name);
    int status = open_sources(m, file, sources, &n, e);
    if (!status && n > 0)
        status = write_file(m, file->name, sources, n, e);
    for (size_t i = 0; i < n; i++) {
        csv_reader_fini(&sources[i].reader);
        free(sources[i].changes);
    }
    free(sources);
    return status;
}

int merge_rows(const struct merge *m, struct err *e)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (merge_file(m, &files[i], e))
            return -1;
    return 0;
}
