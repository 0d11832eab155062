#include "merge_seconds.h"

#include "csv.h"
#include "err.h"
#include "hlog.h"
#include "json_want.h"
#include "merge_columns.h"
#include "merge_second.h"
#include "merge_state.h"
#include "run_file.h"

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
    WINDOW_S = 8,
    THREADS_MOST = 4,  /* each has a window of its own */
    RUNS_A_THREAD = 4, /* fewer are not worth a thread */
};
#define AT_END UINT64_MAX

/* How far a run's files were read. */
struct reading {
    struct hlog_place line;
    struct csv_place row;
    uint64_t line_s, row_s; /* second of these in the merged run; AT_END: there is none */
};

struct seconds {
    const struct merge *m;
    struct reading *readings; /* owned; per run */
    struct csv_reader like;   /* its columns are those of every intervals.csv */
    int t_column;
    uint64_t start_s; /* of the window */
    struct hlog_writer log;
    struct csv_writer intervals;
};

/* Some of the runs, read by one thread. */
struct part {
    struct seconds *x;
    size_t from, to; /* its runs */
    struct merge_second window[WINDOW_S];
    struct hlog_reader log;
    pthread_t thread;
    bool is_started;
    int status;
    struct err e;
};

static bool is_beyond(const struct merge_run *run, uint64_t own_s)
{
    return own_s >= run->whole_s;
}

/* Seconds of a file rise, and no run is without end. */
static int check_second(const struct seconds *x, uint64_t second, const char *path, uint64_t line_number,
                        struct err *e)
{
    if (second >= x->start_s && (double)second <= JSON_WANT_SECONDS_MOST)
        return 0;
    return err_set(e, ERR_INPUT, "%s:%" PRIu64 ": its second is %s", path, line_number,
                   second < x->start_s ? "earlier than those before it" : "beyond the end of any run");
}

static int read_lines(struct part *p, const struct merge_run *run, struct reading *at, struct err *e)
{
    struct hlog_line line;
    int more;
    while ((more = hlog_next(&p->log, &line, e)) > 0) {
        const uint64_t own_s = line.start_ns / 1000000000;
        at->line_s = own_s + run->shift_s;
        if (is_beyond(run, own_s))
            break;
        if (check_second(p->x, at->line_s, p->log.path, p->log.line_number, e))
            return -1;
        if (at->line_s >= p->x->start_s + WINDOW_S)
            return 0;
        if (merge_second_add_line(&p->window[at->line_s - p->x->start_s], &p->log, &line, e))
            return -1;
    }
    at->line_s = AT_END;
    return more < 0 ? -1 : 0;
}

static int read_log(struct part *p, const struct merge_run *run, struct reading *at, struct err *e)
{
    char path[PATH_MAX];
    if (run->whole_s == 0) /* it may have no such file */
        at->line_s = AT_END;
    if (at->line_s >= p->x->start_s + WINDOW_S)
        return 0;
    if (run_file_path(run->folder, "hist.hlog", path, e) || hlog_resume(&p->log, path, at->line, e))
        return -1;
    const int status = read_lines(p, run, at, e);
    at->line = hlog_pause(&p->log);
    return status;
}

static int read_rows(struct part *p, const struct merge_run *run, struct reading *at, struct csv_reader *csv,
                     struct err *e)
{
    int more;
    while ((more = csv_next(csv, e)) > 0) {
        uint64_t own_s;
        if (csv_get_u64(csv, p->x->t_column, 0, &own_s, e))
            return -1;
        at->row_s = own_s + run->shift_s;
        if (is_beyond(run, own_s))
            break;
        if (check_second(p->x, at->row_s, csv->path, csv->line_number, e))
            return -1;
        if (at->row_s >= p->x->start_s + WINDOW_S) {
            at->row = csv_place(csv);
            return 0;
        }
        if (merge_second_add_row(&p->window[at->row_s - p->x->start_s], run, csv, e))
            return -1;
    }
    at->row_s = AT_END;
    return more < 0 ? -1 : 0;
}

static int read_intervals(struct part *p, const struct merge_run *run, struct reading *at, struct err *e)
{
    struct csv_reader csv;
    if (at->row_s >= p->x->start_s + WINDOW_S)
        return 0;
    if (run_file_open(&csv, run->folder, "intervals.csv", e))
        return -1;
    csv.may_be_cut = merge_run_may_be_cut(run);
    const bool is_begun = at->row.bytes > 0;
    const int status = (is_begun ? csv_go(&csv, at->row, e) : merge_columns_same(&p->x->like, &csv, e)) ||
                               read_rows(p, run, at, &csv, e)
                           ? -1
                           : 0;
    csv_reader_fini(&csv);
    return status;
}

static void *read_part(void *payload)
{
    struct part *p = payload;
    for (size_t i = p->from; p->status == 0 && i < p->to; i++) {
        const struct merge_run *run = &p->x->m->runs[i];
        struct reading *at = &p->x->readings[i];
        if (read_log(p, run, at, &p->e) || read_intervals(p, run, at, &p->e))
            p->status = -1;
    }
    return NULL;
}

/* Reads a window: the last part here, the others in threads, if there can be any. */
static int read_window(struct part *parts, size_t n, struct err *e)
{
    int status = 0;
    for (size_t i = 1; i < n; i++) {
        parts[i].is_started = pthread_create(&parts[i].thread, NULL, read_part, &parts[i]) == 0;
        if (!parts[i].is_started)
            read_part(&parts[i]);
    }
    read_part(&parts[0]);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && parts[i].is_started)
            pthread_join(parts[i].thread, NULL);
        if (parts[i].status && status == 0) {
            *e = parts[i].e;
            status = -1;
        }
    }
    return status;
}

/* The earliest second still to be read from any file. */
static uint64_t next_second(const struct seconds *x)
{
    uint64_t second = AT_END;
    for (size_t i = 0; i < x->m->n_runs; i++) {
        const struct reading *at = &x->readings[i];
        const uint64_t own = at->line_s < at->row_s ? at->line_s : at->row_s;
        second = own < second ? own : second;
    }
    return second;
}

/* The parts go over the runs in order, so that what is taken from the first row is taken from the first run.
 */
static int merge_windows(struct seconds *x, struct part *parts, size_t n_parts, struct err *e)
{
    while ((x->start_s = next_second(x)) != AT_END) {
        if (read_window(parts, n_parts, e))
            return -1;
        for (size_t k = 0; k < WINDOW_S; k++) {
            for (size_t i = 1; i < n_parts; i++)
                if (merge_second_take(&parts[0].window[k], &parts[i].window[k], e))
                    return -1;
            if (merge_second_write(&parts[0].window[k], x->start_s + k, &x->log, &x->intervals, e))
                return -1;
        }
    }
    return 0;
}

static size_t count_parts(size_t n_runs)
{
    cpu_set_t cpus;
    size_t n = sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? (size_t)CPU_COUNT(&cpus) : 1;
    n = n < THREADS_MOST ? n : THREADS_MOST;
    return n < n_runs / RUNS_A_THREAD ? n : n_runs / RUNS_A_THREAD + 1;
}

static int merge_parts(struct seconds *x, struct err *e)
{
    const size_t n_runs = x->m->n_runs, n_parts = count_parts(n_runs);
    struct part *parts = calloc(n_parts, sizeof *parts);
    int status = parts ? 0 : err_set(e, ERR_FAILED, "out of memory for %zu runs", n_runs);
    for (size_t i = 0; status == 0 && i < n_parts; i++) {
        parts[i].x = x;
        parts[i].from = n_runs * i / n_parts;
        parts[i].to = n_runs * (i + 1) / n_parts;
        for (size_t k = 0; status == 0 && k < WINDOW_S; k++)
            status = merge_second_init(&parts[i].window[k], x->m, &x->like, e);
    }
    if (status == 0)
        status = merge_windows(x, parts, n_parts, e);
    for (size_t i = 0; parts && i < n_parts; i++) {
        hlog_reader_fini(&parts[i].log);
        for (size_t k = 0; k < WINDOW_S; k++)
            merge_second_fini(&parts[i].window[k]);
    }
    free(parts);
    return status;
}

static int open_all(struct seconds *x, struct err *e)
{
    char path[PATH_MAX];
    const struct merge *m = x->m;
    x->readings = calloc(m->n_runs, sizeof *x->readings);
    if (!x->readings)
        return err_set(e, ERR_FAILED, "out of memory for %zu runs", m->n_runs);
    if (run_file_open(&x->like, m->runs[0].folder, "intervals.csv", e) ||
        (x->t_column = csv_column(&x->like, "t_s", e)) < 0 || run_file_path(m->out, "hist.hlog", path, e) ||
        hlog_create(&x->log, path, m->runs[0].t0_realtime_ns, e) ||
        run_file_path(m->out, "intervals.csv", path, e))
        return -1;
    return merge_columns_create(&x->intervals, path, &x->like, e);
}

int merge_seconds(const struct merge *m, struct err *e)
{
    struct seconds x = { .m = m };
    struct err closing;
    int status = open_all(&x, e) || merge_parts(&x, e) ? -1 : 0;
    if (hlog_close(&x.log, status ? &closing : e))
        status = -1;
    if (csv_close(&x.intervals, status ? &closing : e))
        status = -1;
    csv_reader_fini(&x.like);
    free(x.readings);
    return status;
}
