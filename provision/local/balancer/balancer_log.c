#include "balancer_log.h"

#include "csv.h"
#include "deployment.h"
#include "err.h"
#include "hist.h"
#include "units.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LATE_MS = 100 };

struct balancer_tally *balancer_log_at(const struct balancer_log *log, size_t period, size_t cluster)
{
    return &log->tallies[period * (log->n_clusters + 1) + cluster];
}

struct columns {
    int done, cluster, status, end, response, delay, bytes_out, bytes_in;
};

static int find_columns(const struct csv_reader *r, struct columns *c, struct err *e)
{
    const struct {
        int *column;
        const char *name;
    } wanted[] = { { &c->done, "done_unix_ms" },    { &c->cluster, "cluster" },
                   { &c->status, "status" },        { &c->end, "end" },
                   { &c->response, "response_ms" }, { &c->delay, "delay_us" },
                   { &c->bytes_out, "bytes_out" },  { &c->bytes_in, "bytes_in" } };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        *wanted[i].column = csv_column(r, wanted[i].name, e);
        if (*wanted[i].column < 0)
            return -1;
    }
    return 0;
}

/* The emulator reports its time in microseconds; for the Flask app there are the log's milliseconds. */
static int add_time(struct balancer_tally *t, const struct csv_reader *r, const struct columns *c)
{
    const char *delay = r->fields[c->delay];
    const uint64_t ns = delay[0] >= '0' && delay[0] <= '9'
                            ? strtoull(delay, NULL, 10) * NS_PER_US
                            : strtoull(r->fields[c->response], NULL, 10) * NS_PER_MS;
    if (!t->times && !(t->times = hist_new()))
        return -1;
    hist_add(t->times, ns);
    t->timed_n++;
    t->time_sum_ns += ns;
    return 0;
}

static int add_row(struct balancer_tally *t, const struct csv_reader *r, const struct columns *c)
{
    const unsigned class = (unsigned)(r->fields[c->status][0] - '0');
    const bool by_target = r->fields[c->response][0] != '-';
    t->requests_n++;
    t->bytes += strtoull(r->fields[c->bytes_out], NULL, 10) + strtoull(r->fields[c->bytes_in], NULL, 10);
    t->connection_errors_n += strncmp(r->fields[c->end], "SC", 2) == 0;
    if (class < 6)
        (by_target ? t->target_n : t->balancer_n)[class]++;
    return by_target ? add_time(t, r, c) : 0;
}

static size_t cluster_index(const struct deployment *d, const char *name)
{
    size_t i = 0;
    while (i < d->n_clusters && strcmp(d->clusters[i].is.name, name) != 0)
        i++;
    return i;
}

static int read_rows(struct balancer_log *log, struct csv_reader *r, const struct deployment *d,
                     struct err *e)
{
    struct columns c;
    uint64_t done_ms;
    int more;
    if (find_columns(r, &c, e))
        return -1;
    while ((more = csv_next(r, e)) == 1) {
        if (csv_get_u64(r, c.done, 0, &done_ms, e))
            return -1;
        if (done_ms < log->grid.start_ms || done_ms > log->grid.end_ms + LATE_MS)
            continue;
        /* A late row counts for the run's last period. */
        const uint64_t counted_ms = done_ms < log->grid.end_ms ? done_ms : log->grid.end_ms;
        const size_t period = lab_grid_of(&log->grid, counted_ms / 1000);
        if (add_row(balancer_log_at(log, period, cluster_index(d, r->fields[c.cluster])), r, &c))
            return err_set(e, ERR_FAILED, "out of memory while reading %s", r->path);
    }
    return more;
}

int balancer_log_read(struct balancer_log *log, const char *path, const struct deployment *d,
                      const struct lab_grid *grid, struct err *e)
{
    struct csv_reader r;
    *log = (struct balancer_log){ .grid = *grid, .n_clusters = d->n_clusters };
    log->tallies = calloc(grid->n * (d->n_clusters + 1), sizeof *log->tallies);
    if (!log->tallies)
        return err_set(e, ERR_FAILED, "out of memory");
    if (csv_open(&r, path, e))
        return -1;
    r.skips_remarks = true; /* HAProxy writes failed TLS handshakes in a form of its own */
    const int status = read_rows(log, &r, d, e);
    csv_reader_fini(&r);
    return status;
}

void balancer_log_fini(struct balancer_log *log)
{
    for (size_t i = 0; log->tallies && i < log->grid.n * (log->n_clusters + 1); i++)
        balancer_tally_fini(&log->tallies[i]);
    free(log->tallies);
    *log = (struct balancer_log){ 0 };
}

int balancer_tally_add(struct balancer_tally *into, const struct balancer_tally *from)
{
    into->requests_n += from->requests_n;
    for (size_t i = 0; i < 6; i++) {
        into->target_n[i] += from->target_n[i];
        into->balancer_n[i] += from->balancer_n[i];
    }
    into->connection_errors_n += from->connection_errors_n;
    into->bytes += from->bytes;
    into->timed_n += from->timed_n;
    into->time_sum_ns += from->time_sum_ns;
    if (!from->times)
        return 0;
    if (!into->times && !(into->times = hist_new()))
        return -1;
    hist_merge(into->times, from->times);
    return 0;
}

void balancer_tally_fini(struct balancer_tally *tally)
{
    hist_free(tally->times);
    *tally = (struct balancer_tally){ 0 };
}
