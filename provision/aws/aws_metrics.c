#include "aws.h"

#include "aws_series.h"
#include "aws_session.h"
#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "metrics_file.h"
#include "provider.h"
#include "run_window.h"
#include "settings.h"
#include "status_lines.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Points appear one to three minutes late and may still change; those older than SETTLED_S are final. A
 * minute's point may come a minute after the one before, so a count that is too low is taken for the last
 * only when it was the same at UNCHANGED_LEAST polls, which is more than two minutes. */
enum { MINUTE_S = 60, LATE_S = 180, SETTLED_S = 900, POLL_S = 30, POLLS_MOST = 12, UNCHANGED_LEAST = 5 };

struct reading {
    struct aws_session session;
    struct aws_series_list list;
    struct run_window window;
    int64_t start_s; /* requested: the run's minutes, one before and two after */
    int64_t end_s;
};

static void set_bounds(struct reading *r)
{
    const int64_t start_s = (int64_t)(r->window.start_ns / NS_PER_S);
    const int64_t end_s = (int64_t)(r->window.end_ns / NS_PER_S);
    r->start_s = start_s - start_s % MINUTE_S - MINUTE_S;
    r->end_s = end_s - end_s % MINUTE_S + INT64_C(3) * MINUTE_S;
}

static int64_t now_s(void)
{
    return (int64_t)(clock_realtime_ns() / NS_PER_S);
}

static double sum(const struct cloudwatch_series *s)
{
    double total = 0;
    for (size_t i = 0; s && i < s->n_points; i++)
        total += s->points[i].value;
    return total;
}

static size_t count_incomplete(const struct aws_series_list *list, size_t n)
{
    size_t n_incomplete = 0;
    for (size_t i = 0; i < n; i++)
        n_incomplete += !list->series[i].complete;
    return n_incomplete;
}

static int wait_until_due(struct reading *r, struct err *e)
{
    const int64_t due_s = (int64_t)(r->window.end_ns / NS_PER_S) + LATE_S;
    const int64_t left_s = due_s - now_s();
    if (left_s <= 0)
        return 0;
    status_lines_set(r->session.lines, "metrics", 0, 0, "waiting", clock_monotonic_ns(),
                     "CloudWatch's points come up to %d min late", LATE_S / 60);
    struct aws_wait wait = { .delay_ns = (uint64_t)left_s * NS_PER_S, .n_most = 2 };
    return aws_session_wait(&r->session, &wait, "the first points", e);
}

static bool is_final(const struct reading *r)
{
    return now_s() - (int64_t)(r->window.end_ns / NS_PER_S) > SETTLED_S;
}

/* Polls until the count of requests reaches the client's or stops growing, and no series is partial. */
static int read_settled(struct reading *r, struct err *e)
{
    struct aws_wait wait = { .delay_ns = POLL_S * NS_PER_S, .n_most = POLLS_MOST };
    double before = 0;
    unsigned n_unchanged = 0;
    for (;;) {
        if (cloudwatch_get(&r->session.client, r->list.series, r->list.n_plain, r->start_s, r->end_s, e) < 0)
            return -1;
        const double now = sum(aws_series_requests(&r->list));
        const size_t n_incomplete = count_incomplete(&r->list, r->list.n_plain);
        n_unchanged = now > 0 && now <= before ? n_unchanged + 1 : 0;
        const bool settled = now >= (double)r->window.sent_n || n_unchanged >= UNCHANGED_LEAST || is_final(r);
        status_lines_set(r->session.lines, "metrics", 0, 0, settled && !n_incomplete ? "complete" : "growing",
                         clock_monotonic_ns(), "%.0f of %" PRIu64 " requests counted", now, r->window.sent_n);
        if (settled && n_incomplete == 0)
            return 0;
        before = now;
        struct err late;
        if (aws_session_wait(&r->session, &wait, "the metrics", &late) < 0) {
            if (*r->session.context->interrupted)
                *e = late;
            return *r->session.context->interrupted ? -1 : 0;
        }
    }
}

static void write_series(struct metrics_file *file, const struct cloudwatch_series *s,
                         const struct aws_series *about)
{
    struct metrics_point p = { s->namespace,    s->metric, s->statistic, about->unit, about->cluster,
                               about->instance, 0,         s->period_s };
    for (size_t i = 0; i < s->n_points; i++) {
        p.unix_s = (uint64_t)s->points[i].time_s;
        metrics_file_write(file, &p, s->points[i].value);
    }
}

static int write_file(const struct reading *r, size_t *n_points, struct err *e)
{
    struct metrics_file file;
    if (metrics_file_create(&file, r->session.context->settings->run, "aws", e) < 0)
        return -1;
    for (size_t i = 0; i < r->list.n; i++)
        write_series(&file, &r->list.series[i], &r->list.about[i]);
    *n_points = file.n_points;
    return metrics_file_close(&file, e);
}

static void print_comparison(const struct reading *r, uint64_t counted_n, size_t n_points)
{
    run_window_print(&r->window, "CloudWatch", counted_n);
    printf("metrics       %zu points in %s/cloudwatch.csv\n", n_points, r->session.context->settings->run);
}

/* What was written lacks something: 0 when it does not. */
static int check_complete(const struct reading *r, uint64_t counted_n, size_t n_points, struct err *e)
{
    const size_t n_incomplete = count_incomplete(&r->list, r->list.n);
    if (n_incomplete > 0)
        return err_set(e, ERR_FAILED,
                       "CloudWatch gave only part of %zu series: run the same command again later",
                       n_incomplete);
    if (n_points == 0)
        return err_set(e, ERR_FAILED,
                       "CloudWatch has no points of this run: was it against this deployment?");
    return run_window_check(&r->window, "CloudWatch", counted_n,
                            is_final(r) ? "no more of its points will come, so they did not reach the load "
                                          "balancer"
                                        : "run the same command again later",
                            e);
}

/* Percentiles are requested apart: the rest is useful without them. */
static int read_all(struct reading *r, struct err *e)
{
    struct err percentiles = { ERR_NONE, "" };
    size_t n_points;
    const struct aws_series_list *l = &r->list;
    if (wait_until_due(r, e) < 0 || read_settled(r, e) < 0)
        return -1;
    const int status = cloudwatch_get(&r->session.client, l->series + l->n_plain, l->n - l->n_plain,
                                      r->start_s, r->end_s, &percentiles);
    if (write_file(r, &n_points, e) < 0)
        return -1;
    const uint64_t counted_n = (uint64_t)llround(sum(aws_series_requests(&r->list)));
    print_comparison(r, counted_n, n_points);
    if (status < 0) {
        *e = percentiles;
        return err_prefix(e, "all but the percentiles of the target response time was written");
    }
    return check_complete(r, counted_n, n_points, e);
}

int aws_metrics(struct provider_context *context, struct err *e)
{
    struct reading r = { .start_s = 0 };
    if (run_window_read(context->settings->run, context->deployment->run_id, &r.window, e) < 0)
        return -1;
    set_bounds(&r);
    int status = aws_session_open(&r.session, context, NULL, e);
    if (status == 0)
        status = aws_series_list(&r.list, context->deployment, e);
    if (status == 0)
        status = read_all(&r, e);
    aws_series_fini(&r.list);
    aws_session_close(&r.session);
    return status;
}
