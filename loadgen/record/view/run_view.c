#include "run_view.h"

#include "division.h"
#include "phase_clock.h"
#include "plan.h"
#include "stats_query.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

/* "local: 4 x m4.large, 5 x t2.large (emulated)" */
static void describe_place(const struct plan *plan, char *out, size_t out_bytes)
{
    const struct plan_deployment *d = &plan->deployment;
    size_t used = 0;
    out[0] = '\0';
    if (!d->present)
        return;
    used += (size_t)snprintf(out, out_bytes, "%s:", d->provider ? d->provider : "deployed");
    for (size_t i = 0; i < plan->n_clusters && used < out_bytes; i++) {
        const struct plan_cluster *c = &plan->clusters[i];
        used += (size_t)snprintf(out + used, out_bytes - used, "%s %zu x %s", i > 0 ? "," : "",
                                 c->n_instances, c->instance_type ? c->instance_type : c->name);
    }
    if (d->emulated && used < out_bytes)
        snprintf(out + used, out_bytes - used, " (emulated)");
}

int run_view_init(struct run_view *v, const struct plan *plan, const struct phase_clock *phases,
                  enum progress_mode mode)
{
    *v = (struct run_view){ .plan = plan,
                            .share = plan->share,
                            .phases = phases,
                            .streams = calloc(plan->n_streams, sizeof *v->streams) };
    progress_init(&v->display, mode, stderr);
    describe_place(plan, v->place, sizeof v->place);
    const struct attempt_time none_yet = { .state = ATTEMPT_NONE };
    v->sum.p50 = v->sum.p99 = none_yet;
    for (size_t i = 0; v->streams && i < plan->n_streams; i++)
        v->streams[i] =
            (struct progress_stream){ .name = plan->streams[i].name, .p50 = none_yet, .p99 = none_yet };
    return v->streams ? 0 : -1;
}

void run_view_fini(struct run_view *v)
{
    progress_end(&v->display);
    free(v->streams);
    *v = (struct run_view){ 0 };
}

static struct stats_scope scope_of(const struct run_view *v, uint64_t streams)
{
    return (struct stats_scope){ .plan = v->plan, .streams = streams, .with_warmup = true };
}

/* All streams together, after each of them. */
static struct progress_stream *row_of(struct run_view *v, size_t i, uint64_t *streams)
{
    const bool is_sum = i == v->plan->n_streams;
    *streams = is_sum ? UINT64_MAX : UINT64_C(1) << i;
    return is_sum ? &v->sum : &v->streams[i];
}

static void count_row(const struct run_view *v, const struct stats *second, uint64_t streams,
                      struct progress_stream *row, uint64_t *n_ok)
{
    const struct stats_scope scope = scope_of(v, streams);
    struct stats_counts ends;
    stats_count(second, &scope, &ends);
    row->n_done += ends.n_done;
    row->n_failed += ends.n_err;
    *n_ok = ends.n_ok;
}

void run_view_count(struct run_view *v, const struct stats *second)
{
    for (size_t i = 0; v->display.mode != PROGRESS_NONE && i <= v->plan->n_streams; i++) {
        uint64_t streams, n_ok;
        struct progress_stream *row = row_of(v, i, &streams);
        count_row(v, second, streams, row, &n_ok);
    }
}

void run_view_add(struct run_view *v, const struct stats *second, uint64_t length_ns,
                  struct hist *const scratch[2])
{
    for (size_t i = 0; v->display.mode != PROGRESS_NONE && i <= v->plan->n_streams; i++) {
        uint64_t streams, n_ok;
        struct progress_stream *row = row_of(v, i, &streams);
        const struct stats_scope scope = scope_of(v, streams);
        const struct attempts a = stats_attempts(second, &scope, scratch);
        count_row(v, second, streams, row, &n_ok);
        row->good_per_s = (double)n_ok * 1e9 / (double)length_ns;
        if (attempts_n(&a) > 0) {
            row->p50 = attempts_time(&a, 500000);
            row->p99 = attempts_time(&a, 990000);
        }
    }
}

struct progress_course run_view_course(const struct run_view *v, const struct run_so_far *run, size_t stream)
{
    const struct plan_stream *about = &v->plan->streams[stream];
    const uint64_t active_ns = phase_active_ns(v->plan, v->phases, UINT64_C(1) << stream, run->now_ns);
    uint64_t n_done_in_phase[PLAN_PHASES_MOST] = { 0 };
    uint64_t n_measured = 0;
    for (size_t k = 0; k < about->n_phases; k++) {
        struct stats_counts ends;
        stats_count_cell(run->stats, plan_cell(about, about->n_rows - 1, k), &ends);
        if (!plan_has_session_row(about))
            stats_count_phase(run->stats, about, k, &ends);
        n_done_in_phase[k] = ends.n_done + ends.n_censored;
        n_measured += about->phases[k].warmup ? 0 : n_done_in_phase[k];
    }
    const struct division part = division_of_share(v->plan, stream, v->share);
    return progress_course_of(&(struct progress_moment){
        .stream = about,
        .part = share_count(&v->share) > 1 ? &part : NULL,
        .phases = v->phases,
        .n_done_in_phase = n_done_in_phase,
        .t0_ns = run->t0_ns,
        .now_ns = run->now_ns,
        .rate_per_s = active_ns > 0 ? (double)n_measured * 1e9 / (double)active_ns : 0,
    });
}

/* The rate of what was measured: more telling than 0 when nothing is sent any more. */
static double good_per_s(const struct run_view *v, const struct run_so_far *run, uint64_t streams)
{
    const struct stats_scope scope = { .plan = v->plan, .streams = streams };
    const uint64_t active_ns = phase_active_ns(v->plan, v->phases, streams, run->now_ns);
    struct stats_counts ends;
    stats_count(run->stats, &scope, &ends);
    return active_ns > 0 ? (double)(ends.n_ok - ends.n_late) * 1e9 / (double)active_ns : 0;
}

/* NULL: HTTP/1.1 alone. */
static const char *protocol_of(const struct plan *plan)
{
    size_t n = 0;
    for (size_t i = 0; i < plan->n_streams; i++)
        n += plan_is_http2(plan, &plan->streams[i]);
    return n == 0 ? NULL : n < plan->n_streams ? "HTTP/1.1 and HTTP/2" : "HTTP/2";
}

static struct http2_counts http2_of(const struct stats *run)
{
    struct http2_counts sum = { 0 };
    for (size_t i = 0; i < run->n_streams; i++)
        http2_counts_merge(&sum, &run->streams[i].http2);
    return sum;
}

static uint64_t n_http2_again(const struct plan *plan, const struct stats *run)
{
    uint64_t n = 0;
    for (size_t i = 0; i < run->n_streams; i++)
        if (plan_is_http2(plan, &plan->streams[i]))
            n += again_counts_sum(&run->streams[i].again);
    return n;
}

void run_view_show(struct run_view *v, const struct run_so_far *run)
{
    const struct plan *plan = v->plan;
    const uint64_t elapsed_ns = run->now_ns > run->t0_ns ? run->now_ns - run->t0_ns : 0;
    uint64_t left_ns = 0;
    bool is_known = true;
    bool is_estimate = false;
    bool is_over = true;
    bool has_total = true; /* of all streams: else some run for a time, or count passes */
    if (!progress_is_due(&v->display, elapsed_ns / NS_PER_S))
        return;
    v->sum.n_total = 0;
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct progress_course course = run_view_course(v, run, i);
        if (course.is_over)
            v->streams[i].good_per_s = good_per_s(v, run, UINT64_C(1) << i);
        is_over &= course.is_over;
        v->streams[i].fraction = course.fraction;
        v->streams[i].n_total = course.n_total;
        v->streams[i].has_passes = course.n_total > 0 && plan_has_session_row(&plan->streams[i]);
        v->streams[i].n_passes = course.n_done;
        memcpy(v->streams[i].phase, course.phase, sizeof course.phase);
        v->sum.n_total += course.n_total;
        has_total &= course.n_total > 0 && !v->streams[i].has_passes;
        is_known &= course.is_known;
        is_estimate |= course.is_estimate;
        left_ns = course.left_ns > left_ns ? course.left_ns : left_ns;
    }
    if (!has_total)
        v->sum.n_total = 0;
    if (is_over)
        v->sum.good_per_s = good_per_s(v, run, UINT64_MAX);
    char targets[PLAN_TARGETS_TEXT_BYTES];
    const struct progress_view view = {
        .name = plan->name,
        .url = plan_targets_text(plan, targets),
        .protocol = protocol_of(plan),
        .place = v->place,
        .streams = v->streams,
        .n_streams = plan->n_streams,
        .sum = v->sum,
        .elapsed_s = elapsed_ns / NS_PER_S,
        .total_s = is_known ? (elapsed_ns + left_ns + NS_PER_S / 2) / NS_PER_S : 0,
        .is_estimate = is_estimate,
        .cpu_pct = v->cpu_pct,
        .has_lag = v->has_lag,
        .lag_p99_ns = v->lag_p99_ns,
        .generators = *v->generators ? v->generators : NULL,
        .http2 = http2_of(run->stats),
        .n_http2_again = n_http2_again(plan, run->stats),
        .trouble = run->trouble,
    };
    progress_show(&v->display, &view);
}
