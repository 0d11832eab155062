#include "recorder_watch.h"

#include "host_counters.h"
#include "phase_clock.h"
#include "recorder_progress.h"
#include "recorder_state.h"
#include "run_json_write.h"
#include "stats_query.h"
#include "units.h"
#include "utf8.h"
#include "verdict.h"
#include "version.h"
#include "watch.h"
#include "watch_facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define P99_PPM     990000
#define SHORTEST_NS (NS_PER_S / 2) /* the run may end soon after a second began: its rate says nothing */

static struct stats_scope stream_scope(const struct recorder *r, size_t stream, bool with_warmup)
{
    return (struct stats_scope){ .plan = r->params.plan,
                                 .streams = UINT64_C(1) << stream,
                                 .with_warmup = with_warmup };
}

static void fill_times(const struct attempts *a, struct attempt_time times[static WATCH_N_TIMES])
{
    for (int i = 0; i < WATCH_N_TIMES; i++)
        times[i] = attempts_n(a) > 0 ? attempts_time(a, watch_times_ppm[i])
                                     : (struct attempt_time){ .state = ATTEMPT_NONE };
}

static void fill_second(const struct recorder *r, const struct second *second, uint64_t streams,
                        uint64_t length_ns, struct watch_second *out)
{
    const struct stats_scope scope = { .plan = r->params.plan, .streams = streams, .with_warmup = true };
    const struct attempts a = stats_attempts(second->sum, &scope, r->scratch);
    const double per_s = 1e9 / (double)length_ns;
    struct stats_counts ends;
    stats_count(second->sum, &scope, &ends);
    fill_times(&a, out->times);
    out->good_per_s = (double)ends.n_ok * per_s;
    out->failed_per_s = (double)ends.n_err * per_s;
    for (size_t i = 0; i < r->params.plan->n_streams; i++)
        if (streams >> i & 1)
            out->sent_per_s += (double)second->sum->streams[i].n_sent * per_s;
}

static void fill_so_far(const struct recorder *r, size_t stream, struct watch_stream *out)
{
    const struct stats_scope scope = stream_scope(r, stream, false);
    const struct attempts a = stats_attempts(r->run, &scope, r->scratch);
    const struct stats_stream *counted = &r->run->streams[stream];
    struct stats_counts ends;
    stats_count(r->run, &scope, &ends);
    memcpy(out->n_outcomes, ends.n_outcomes, sizeof out->n_outcomes);
    fill_times(&a, out->times);
    out->n_attempts = attempts_n(&a);
    out->n_good = attempts_n_ok(&a);
    out->good_sum_s = a.ok ? (double)a.ok->sum_ns / 1e9 : 0;
    for (int b = 0; a.ok && b < WATCH_N_BUCKETS; b++)
        out->n_within[b] = a.ok->n - hist_n_above(a.ok, watch_bucket_ns[b]);
    out->n_sent = counted->n_sent;
    out->n_connections = counted->n_conn_new;
    out->bytes_rx = counted->bytes[false].rx;
    out->bytes_tx = counted->bytes[false].tx;
    out->statuses = counted->statuses;
    for (uint32_t t = 0; t < r->params.n_threads; t++)
        out->n_in_flight += r->threads[t].n_inflight[stream];
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

static void fill_generator(const struct recorder *r, const struct second *second, struct watch_facts *f)
{
    for (uint32_t t = 0; t < r->params.n_threads; t++) {
        const struct second_thread *about = &second->threads[t];
        const double lag_s = (double)hist_value_at_ppm(about->lag, P99_PPM) / 1e9;
        const double rx_age_s = (double)hist_value_at_ppm(about->rx_age, P99_PPM) / 1e9;
        const uint64_t cpu_ns = about->health.cpu_user_ns + about->health.cpu_sys_ns;
        f->cpu_ratio[t] = about->span_ns > 0 ? (double)cpu_ns / (double)about->span_ns : 0;
        if (about->lag->n > 0)
            f->lag_p99_s = fmax(f->lag_p99_s, lag_s);
        if (about->rx_age->n > 0)
            f->rx_age_p99_s = fmax(f->rx_age_p99_s, rx_age_s);
    }
}

/* How long the run will take, as the live display has it. */
static void fill_course(const struct recorder *r, uint64_t now_ns, struct watch_facts *f)
{
    uint64_t left_ns = 0;
    bool is_known = true;
    for (size_t i = 0; i < f->n_streams; i++) {
        const struct progress_course course = recorder_progress_course(r, i, now_ns);
        const struct plan_stream *stream = &r->params.plan->streams[i];
        f->streams[i].is_over = course.is_over;
        f->streams[i].phase = stream->first_phase_index + phase_in_force(stream, r->params.phases, now_ns);
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

/* NULL when memory is short: then a moment is not shown. */
static struct watch_facts *make_facts(const struct recorder *r, uint64_t now_ns)
{
    const struct recorder_params *p = &r->params;
    const struct plan *plan = p->plan;
    struct watch_facts *f = watch_facts_new(plan->n_streams, plan->n_phases);
    if (!f)
        return NULL;
    const char *path = run_folder_is_kept(&r->folder) ? r->folder.path : plan->name;
    const char *run_id = strrchr(path, '/');
    memcpy(f->name, plan->name, sizeof f->name);
    put_text(f->run_id, run_id ? run_id + 1 : path);
    put_text(f->url, plan->target.url ? plan->target.url : "");
    put_text(f->place, r->progress.place);
    snprintf(f->commit, sizeof f->commit, "%s", p->build ? p->build->commit : "");
    f->started_unix_s = (double)r->t0_realtime_ns / 1e9;
    f->elapsed_s = now_ns > r->t0_monotonic_ns ? (double)(now_ns - r->t0_monotonic_ns) / 1e9 : 0;
    f->total_s = f->lag_p99_s = f->rx_age_p99_s = NAN;
    f->n_threads = p->n_threads;
    f->rss_bytes = r->rule_input.host_end.rss_bytes;
    fill_phases(plan, f);
    for (size_t i = 0; i < plan->n_streams; i++) {
        struct watch_stream *s = &f->streams[i];
        memcpy(s->name, plan->streams[i].name, sizeof s->name);
        memcpy(s->cluster, plan->streams[i].cluster, sizeof s->cluster);
        fill_so_far(r, i, s);
    }
    fill_course(r, now_ns, f);
    return f;
}

void recorder_watch_begin(struct recorder *r)
{
    struct watch_facts *f = r->params.watch ? make_facts(r, r->t0_monotonic_ns) : NULL;
    if (!f)
        return;
    f->is_begin = true;
    watch_publish(r->params.watch, f);
}

void recorder_watch_second(struct recorder *r, const struct second *second, uint64_t length_ns)
{
    const uint64_t end_ns = r->t0_monotonic_ns + second->index * NS_PER_S + length_ns;
    const bool is_shown = r->params.watch && length_ns >= SHORTEST_NS;
    struct watch_facts *f = is_shown ? make_facts(r, end_ns) : NULL;
    if (!f)
        return;
    for (size_t i = 0; i < f->n_streams; i++)
        fill_second(r, second, UINT64_C(1) << i, length_ns, &f->streams[i].last);
    fill_second(r, second, UINT64_MAX, length_ns, &f->sum);
    fill_generator(r, second, f);
    watch_publish(r->params.watch, f);
}

static void fill_claims(const struct claims *claims, struct watch_facts *f)
{
    f->claims = calloc(claims->n_rows + 1, sizeof *f->claims);
    for (size_t i = 0; f->claims && i < claims->n_rows; i++) {
        struct watch_claim *c = &f->claims[f->n_claims++];
        c->row = claims->rows[i];
        snprintf(c->cluster, sizeof c->cluster, "%s", c->row.cluster);
        snprintf(c->stream, sizeof c->stream, "%s", c->row.stream ? c->row.stream : "");
        c->row.cluster = c->row.stream = NULL;
    }
}

void recorder_watch_end(struct recorder *r, const struct recorder_ending *ending,
                        const struct verdict *verdict)
{
    struct watch_facts *f = r->params.watch ? make_facts(r, ending->end_ns) : NULL;
    if (!f)
        return;
    f->end = run_json_end(ending->end);
    for (size_t i = 0; i < f->n_streams; i++)
        f->streams[i].is_over = true;
    if (verdict->claims)
        fill_claims(verdict->claims, f);
    watch_publish(r->params.watch, f);
}
