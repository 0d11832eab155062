#include "watch_fill.h"

#include "phase_clock.h"
#include "plan.h"
#include "run_view.h"
#include "stats_query.h"
#include "utf8.h"
#include "watch_facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fill_times(const struct attempts *a, struct attempt_time times[static WATCH_N_TIMES])
{
    for (int i = 0; i < WATCH_N_TIMES; i++)
        times[i] = attempts_n(a) > 0 ? attempts_time(a, watch_times_ppm[i])
                                     : (struct attempt_time){ .state = ATTEMPT_NONE };
}

static void fill_streams(const struct watch_source *source, const struct stats *second, uint64_t streams,
                         uint64_t length_ns, struct watch_second *out)
{
    const struct plan *plan = source->view->plan;
    const struct stats_scope scope = { .plan = plan, .streams = streams, .with_warmup = true };
    const struct attempts a = stats_attempts(second, &scope, source->scratch);
    const double per_s = 1e9 / (double)length_ns;
    struct stats_counts ends;
    stats_count(second, &scope, &ends);
    fill_times(&a, out->times);
    out->good_per_s = (double)ends.n_ok * per_s;
    out->failed_per_s = (double)ends.n_err * per_s;
    for (size_t i = 0; i < plan->n_streams; i++)
        if (streams >> i & 1)
            out->sent_per_s += (double)second->streams[i].n_sent * per_s;
}

void watch_fill_second(const struct watch_source *source, const struct stats *second, uint64_t length_ns,
                       struct watch_facts *f)
{
    for (size_t i = 0; i < f->n_streams; i++)
        fill_streams(source, second, UINT64_C(1) << i, length_ns, &f->streams[i].last);
    fill_streams(source, second, UINT64_MAX, length_ns, &f->sum);
}

static void fill_so_far(const struct watch_source *source, size_t stream, struct watch_stream *out)
{
    const struct stats *run = source->run->stats;
    const struct stats_scope scope = { .plan = source->view->plan, .streams = UINT64_C(1) << stream };
    const struct attempts a = stats_attempts(run, &scope, source->scratch);
    const struct stats_stream *counted = &run->streams[stream];
    const struct plan_stream *planned = &scope.plan->streams[stream];
    struct stats_counts ends;
    stats_count(run, &scope, &ends);
    memcpy(out->n_outcomes, ends.n_outcomes, sizeof out->n_outcomes);
    fill_times(&a, out->times);
    out->n_attempts = attempts_n(&a);
    out->n_good = attempts_n_ok(&a);
    out->good_sum_s = a.ok ? (double)a.ok->sum_ns / 1e9 : 0;
    for (int b = 0; a.ok && b < WATCH_N_BUCKETS; b++)
        out->n_within[b] = a.ok->n - hist_n_above(a.ok, watch_bucket_ns[b]);
    out->n_sent = counted->n_sent;
    out->again = counted->again;
    out->n_connections = counted->n_conn_new;
    out->bytes_rx = counted->bytes[false].rx;
    out->bytes_tx = counted->bytes[false].tx;
    out->statuses = counted->statuses;
    out->streams_per_connection = plan_is_http2(scope.plan, planned) ? planned->in_flight_most : 0;
    out->http2 = counted->http2;
}

static void fill_step(const struct watch_source *source, size_t stream, size_t row, struct watch_step *out)
{
    const struct plan *plan = source->view->plan;
    const struct stats_scope scope = { .plan = plan,
                                       .streams = UINT64_C(1) << stream,
                                       .row = &plan->streams[stream].rows[row] };
    const struct attempts a = stats_attempts(source->run->stats, &scope, source->scratch);
    struct stats_counts ends;
    stats_count(source->run->stats, &scope, &ends);
    memcpy(out->name, scope.row->name, sizeof out->name);
    memcpy(out->n_outcomes, ends.n_outcomes, sizeof out->n_outcomes);
    fill_times(&a, out->times);
    out->stream = stream;
    out->n_attempts = attempts_n(&a);
}

/* Without memory there are none. */
static void fill_steps(const struct watch_source *source, struct watch_facts *f)
{
    const struct plan *plan = source->view->plan;
    size_t n = 0;
    for (size_t i = 0; i < plan->n_streams; i++)
        n += plan->streams[i].rows ? plan->streams[i].n_rows : 0;
    f->steps = n > 0 ? calloc(n, sizeof *f->steps) : NULL;
    for (size_t i = 0; f->steps && i < plan->n_streams; i++)
        for (size_t row = 0; plan->streams[i].rows && row < plan->streams[i].n_rows; row++)
            fill_step(source, i, row, &f->steps[f->n_steps++]);
}

static void fill_phases(const struct plan *plan, struct watch_facts *f)
{
    for (size_t s = 0; s < plan->n_streams; s++)
        for (size_t k = 0; k < plan->streams[s].n_phases; k++) {
            const struct plan_phase *phase = &plan->streams[s].phases[k];
            struct watch_phase *out = &f->phases[plan->streams[s].first_phase_index + k];
            memcpy(out->name, phase->name, sizeof out->name);
            out->kind = phase_kind_name(phase->kind);
            out->stream = s;
            out->is_warmup = phase->warmup;
        }
}

/* How long the run will take, as the live display has it. */
static void fill_course(const struct watch_source *source, struct watch_facts *f)
{
    const struct run_view *v = source->view;
    uint64_t left_ns = 0;
    bool is_known = true;
    for (size_t i = 0; i < f->n_streams; i++) {
        const struct progress_course course = run_view_course(v, source->run, i);
        const struct plan_stream *stream = &v->plan->streams[i];
        f->streams[i].is_over = course.is_over;
        f->streams[i].phase =
            stream->first_phase_index + phase_in_force(stream, v->phases, source->run->now_ns);
        left_ns = course.left_ns > left_ns ? course.left_ns : left_ns;
        is_known &= course.is_known;
        f->is_estimate |= course.is_estimate;
    }
    f->total_s = is_known ? f->elapsed_s + (double)left_ns / 1e9 : NAN;
}

/* Whole characters that are safe to show: JSON and metrics are UTF-8, the name of a folder may be anything.
 */
static void put_text(char out[static WATCH_TEXT_BYTES], const char *text)
{
    snprintf(out, WATCH_TEXT_BYTES, "%s", text);
    utf8_trim(out);
    utf8_line(out);
}

struct watch_facts *watch_fill(const struct watch_source *source)
{
    const struct plan *plan = source->view->plan;
    const struct run_so_far *run = source->run;
    struct watch_facts *f = watch_facts_new(plan->n_streams, plan->n_phases);
    if (!f)
        return NULL;
    memcpy(f->name, plan->name, sizeof f->name);
    put_text(f->run_id, source->run_id);
    put_text(f->url, plan->target.url ? plan->target.url : "");
    put_text(f->place, source->view->place);
    snprintf(f->commit, sizeof f->commit, "%s", source->commit);
    f->started_unix_s = (double)source->t0_realtime_ns / 1e9;
    f->elapsed_s = run->now_ns > run->t0_ns ? (double)(run->now_ns - run->t0_ns) / 1e9 : 0;
    f->total_s = f->lag_p99_s = f->rx_age_p99_s = NAN;
    fill_phases(plan, f);
    for (size_t i = 0; i < plan->n_streams; i++) {
        struct watch_stream *s = &f->streams[i];
        memcpy(s->name, plan->streams[i].name, sizeof s->name);
        memcpy(s->cluster, plan->streams[i].cluster, sizeof s->cluster);
        fill_so_far(source, i, s);
    }
    fill_steps(source, f);
    fill_course(source, f);
    return f;
}
