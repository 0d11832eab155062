#include "merge_rows.h"

#include "csv.h"
#include "err.h"
#include "merge_columns.h"
#include "merge_remotes.h"
#include "merge_source.h"
#include "merge_state.h"
#include "run_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const struct merge_column_change of_errors[] = { { "t_s", MERGE_SECOND }, { 0 } };
static const struct merge_column_change of_health[] = { { "t_s", MERGE_SECOND },
                                                        { "thread", MERGE_THREAD },
                                                        { 0 } };
static const struct merge_column_change of_dns[] = { { "t_s", MERGE_REAL_S }, { 0 } };
static const struct merge_column_change of_remotes[] = { { 0 } };
static const struct merge_column_change of_requests[] = {
    { "due_ns", MERGE_NS },
    { "sent_ns", MERGE_NS },
    { "first_ns", MERGE_NS },
    { "done_ns", MERGE_NS },
    { "seq", MERGE_NUMBER },
    { "conn", MERGE_NUMBER },
    { 0 },
};

#define REMOTES "remotes.csv"

static const struct merge_rows_file files[] = {
    { "errors.csv", "t_s", of_errors },
    { "health.csv", "t_s", of_health },
    { "dns.csv", "t_s", of_dns },
    { REMOTES, NULL, of_remotes },
    { "samples.csv", "done_ns", of_requests },
    { "requests.csv", "done_ns", of_requests },
};

enum { FILES_BESIDE = 64 }; /* that are open while rows are merged */

/* Every run's file is open at once. What the limit does not allow fails when it is opened. */
static void raise_limit(size_t n_files)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= n_files + FILES_BESIDE)
        return;
    limit.rlim_cur = limit.rlim_max < n_files + FILES_BESIDE ? limit.rlim_max : n_files + FILES_BESIDE;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* The sources that have rows, as a heap: the earliest row first; among equals, the earlier run's. */
struct heap {
    struct merge_source **rows; /* owned */
    size_t n;
};

static bool is_before(const struct merge_source *a, const struct merge_source *b)
{
    return a->order != b->order ? a->order < b->order : a->index < b->index;
}

static void sift_down(struct heap *h, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < h->n; child++)
            if (is_before(h->rows[child], h->rows[least]))
                least = child;
        if (least == at)
            return;
        struct merge_source *moved = h->rows[at];
        h->rows[at] = h->rows[least];
        h->rows[least] = moved;
        at = least;
    }
}

static int write_rows(struct csv_writer *w, struct heap *h, struct err *e)
{
    for (size_t i = h->n / 2; i-- > 0;)
        sift_down(h, i);
    while (h->n > 0) {
        struct merge_source *first = h->rows[0];
        if (merge_source_write(first, w, e) || merge_source_next(first, e))
            return -1;
        if (!first->has_row)
            h->rows[0] = h->rows[--h->n];
        sift_down(h, 0);
    }
    return 0;
}

static int merge_sources(struct csv_writer *w, struct merge_source *sources, size_t n, struct err *e)
{
    struct heap h = { .rows = calloc(n, sizeof *h.rows) };
    if (!h.rows)
        return err_set(e, ERR_FAILED, "out of memory while merging %s", sources[0].reader.path);
    for (size_t i = 0; i < n; i++)
        if (sources[i].has_row)
            h.rows[h.n++] = &sources[i];
    const int status = write_rows(w, &h, e);
    free(h.rows);
    return status;
}

/* Opens the file of every run that has it. */
static int open_sources(const struct merge *m, const struct merge_rows_file *file,
                        struct merge_source *sources, size_t *n, struct err *e)
{
    for (size_t i = 0; i < m->n_runs; i++) {
        struct merge_source *s = &sources[*n];
        s->index = i;
        s->n_runs = m->n_runs;
        const int is_there = merge_source_open(s, &m->runs[i], file, e);
        *n += is_there != 0;
        if (is_there < 0 || (is_there > 0 && merge_columns_same(&sources[0].reader, &s->reader, e)))
            return -1;
    }
    return 0;
}

static int write_file(const struct merge *m, const char *name, struct merge_source *sources, size_t n,
                      struct err *e)
{
    struct csv_writer w;
    struct err closing;
    char path[PATH_MAX];
    if (run_file_path(m->out, name, path, e) || merge_columns_create(&w, path, &sources[0].reader, e))
        return -1;
    if (!merge_sources(&w, sources, n, e))
        return csv_close(&w, e);
    csv_close(&w, &closing);
    return -1;
}

static int merge_file(const struct merge *m, const struct merge_rows_file *file, struct err *e)
{
    size_t n = 0;
    struct merge_source *sources = calloc(m->n_runs, sizeof *sources);
    if (!sources)
        return err_set(e, ERR_FAILED, "out of memory while merging %s", file->name);
    int status = open_sources(m, file, sources, &n, e);
    if (!status && n > 0)
        status = write_file(m, file->name, sources, n, e);
    for (size_t i = 0; i < n; i++)
        merge_source_fini(&sources[i]);
    free(sources);
    return status;
}

int merge_rows(const struct merge *m, struct err *e)
{
    raise_limit(m->n_runs);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const bool is_sum = merge_is_of_shares(m) && strcmp(files[i].name, REMOTES) == 0;
        if (is_sum ? merge_remotes(m, e) : merge_file(m, &files[i], e))
            return -1;
    }
    return 0;
}
