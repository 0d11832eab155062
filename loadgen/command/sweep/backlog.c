#include "backlog.h"

#include "csv.h"
#include "err.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

/* Where more arrives than can be served the backlog grows by the difference, second after second, so the step
 * must end well above its middle, and its middle above its beginning: a stall lifts one of the two. "Well" is
 * more than the share of requests that may go unanswered in a step that holds (ANSWERED_LEAST of
 * loadcurve.c), and more than chance: under random arrivals a backlog is Poisson (M/G/infinity), so with mean
 * n its standard deviation is sqrt(n). Simulated queues, random arrivals at 1000/s, 10 s: found in 1 of 100
 * steps at 95 % of capacity, 20 at 100 %, 80 at 105 %, 99 at 110 %; with even arrivals in all from 102 % on.
 * Power depends on the number of requests: at 100/s it finds 6 at 95 % and only 39 at 105 %. */
#define GROWTH_MOST_SHARE 0.01
#define GROWTH_MOST_ROOTS 2.0
enum { SECONDS_LEAST = 4 };

enum column { SECOND, INTENDED, INFLIGHT, N_COLUMNS };

/* The two halves of the phase, in whole seconds: from edges[0] to edges[1] to edges[2]. */
struct halves {
    uint64_t edges[3];
    uint64_t backlog_n[3]; /* at the edges */
    uint64_t due_n[2];     /* within the halves */
};

static void add_second(struct halves *h, uint64_t end, uint64_t due_n, uint64_t backlog_n)
{
    for (int i = 0; i < 3; i++)
        if (end == h->edges[i])
            h->backlog_n[i] += backlog_n;
    for (int i = 0; i < 2; i++)
        if (end > h->edges[i] && end <= h->edges[i + 1])
            h->due_n[i] += due_n;
}

static int read_halves(struct halves *h, const char *path, struct err *e)
{
    static const char *const names[N_COLUMNS] = { "t_s", "intended_n", "inflight_n" };
    int at[N_COLUMNS];
    struct csv_reader r;
    int status = csv_open_results(&r, path, e);
    for (int i = 0; i < N_COLUMNS && status == 0; i++)
        if ((at[i] = csv_column(&r, names[i], e)) < 0)
            status = -1;
    while (status == 0 && (status = csv_next(&r, e)) == 1) {
        uint64_t values[N_COLUMNS];
        status = 0;
        for (int i = 0; i < N_COLUMNS && status == 0; i++)
            status = csv_get_u64(&r, at[i], 0, &values[i], e);
        if (status == 0)
            add_second(h, values[SECOND] + 1, values[INTENDED], values[INFLIGHT]);
    }
    csv_reader_fini(&r);
    return status;
}

static bool has_grown(uint64_t before_n, uint64_t after_n, uint64_t due_n)
{
    const double more = (double)after_n - (double)before_n;
    return more > GROWTH_MOST_SHARE * (double)due_n && more > GROWTH_MOST_ROOTS * sqrt((double)after_n);
}

int backlog_grew(const char *folder, double from_s, double to_s, bool *grew, struct err *e)
{
    char path[PATH_MAX];
    struct halves h = { .edges = { (uint64_t)ceil(from_s), 0, (uint64_t)floor(to_s) } };
    *grew = false;
    if (h.edges[2] < h.edges[0] + SECONDS_LEAST)
        return 0;
    h.edges[1] = (h.edges[0] + h.edges[2]) / 2;
    if ((size_t)snprintf(path, sizeof path, "%s/intervals.csv", folder) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the sweep is too long");
    if (read_halves(&h, path, e))
        return -1;
    *grew = has_grown(h.backlog_n[0], h.backlog_n[1], h.due_n[0]) &&
            has_grown(h.backlog_n[1], h.backlog_n[2], h.due_n[1]);
    return 0;
}
