#include "error_rows.h"
#include "health_rows.h"
#include "hist_rows.h"
#include "interval_rows.h"
#include "phase_clock.h"
#include "recorder_state.h"
#include "recorder_watch.h"
#include "recorder_within.h"
#include "rule_limits.h"
#include "sample_rows.h"
#include "stats_merge.h"
#include "stats_query.h"
#include "thresholds.h"
#include "units.h"

/* Statistics that end this long after their second leave a gap in the next one. */
#define LATE_NS (50 * NS_PER_MS)

static void write_sample(struct recorder *r, uint32_t thread, const char *why,
                         const struct stats_sample *sample)
{
    const struct sample_words words = { .plan = r->params.plan,
                                        .instances = r->params.instances[thread],
                                        .remotes = r->params.remotes[thread],
                                        .t0_ns = r->t0_monotonic_ns };
    sample_rows_write(&r->folder.samples, &words, why, sample);
}

static void write_samples(struct recorder *r, struct second *second, uint32_t thread,
                          const struct stats *stats)
{
    for (uint32_t i = 0; i < stats->sys.n; i++)
        write_sample(r, thread, "sys", &stats->sys.rows[i]);
    for (uint32_t i = 0; i < stats->err.n && second->n_err_samples < second->sum->err.most; i++) {
        write_sample(r, thread, "err", &stats->err.rows[i]);
        second->n_err_samples++;
    }
}

static void fail_for_memory(struct recorder *r)
{
    struct err e;
    err_set(&e, ERR_FAILED, "out of memory: part of the results is lost");
    run_folder_note(&r->folder, &e);
}

void recorder_take(struct recorder *r, uint32_t thread, const struct stats *stats)
{
    struct recorder_thread *about = &r->threads[thread];
    struct second *second = seconds_of(&r->seconds, thread, stats);
    if (second) {
        second_fill(second, thread, stats, &about->instances);
        write_samples(r, second, thread, stats);
    } else {
        stats_merge(r->run, stats, &about->instances); /* at least the counts are right */
    }
    stats_merge_remotes(r->run, stats, &about->remotes);
    if (!second || second->sum->n_lost + r->run->n_lost > 0)
        fail_for_memory(r);
}

/* A second that is being written. */
struct moment {
    uint64_t start_ns, end_ns;
    bool is_whole;  /* a full second that every thread reported in time */
    bool is_loaded; /* a measured phase, neither pause nor warm-up, filled it */
};

/* In flight at the end of the second; for a thread that did not report, as last reported. */
static uint64_t inflight_of(struct recorder *r, const struct second *second, size_t stream)
{
    uint64_t sum = 0;
    for (uint32_t t = 0; t < r->params.n_threads; t++) {
        if (second->threads[t].span_ns > 0)
            r->threads[t].n_inflight[stream] = second->threads[t].n_inflight[stream];
        sum += r->threads[t].n_inflight[stream];
    }
    return sum;
}

/* True if every thread reported on the second and on no more than it. */
static bool is_reported_in_time(const struct recorder *r, const struct second *second, uint64_t end_ns)
{
    for (uint32_t t = 0; t < r->params.n_threads; t++)
        if (second->threads[t].span_ns == 0 || second->threads[t].end_ns > end_ns + LATE_NS)
            return false;
    return true;
}

/* Requests that were sent, or would have been if the target had let them connect; sessions that began. */
static uint64_t attempts(const struct recorder *r, const struct second *second, size_t stream)
{
    if (r->params.plan->streams[stream].session)
        return second->sum->streams[stream].sessions.n_begun;
    const struct stats_scope scope = { .plan = r->params.plan,
                                       .streams = UINT64_C(1) << stream,
                                       .with_warmup = true };
    struct stats_counts ends;
    stats_count(second->sum, &scope, &ends);
    return second->sum->streams[stream].n_sent + ends.n_outcomes[OUTCOME_CONNECT] +
           ends.n_outcomes[OUTCOME_DNS] + ends.n_outcomes[OUTCOME_TLS];
}

static void add_rule_input(struct recorder *r, const struct second *second, const struct interval_row *row)
{
    const struct stats_scope scope = { .plan = r->params.plan,
                                       .streams = UINT64_C(1) << row->stream,
                                       .with_warmup = true };
    const struct hist *times = stats_values(second->sum, &scope, STATS_HEADLINE, r->scratch[0]);
    const struct stats_stream *sums = &second->sum->streams[row->stream];
    const bool is_session = r->params.plan->streams[row->stream].session != NULL;
    if (rule_input_add(
            &r->rule_input, row->stream,
            (struct rule_second){ .n_intended = is_session ? sums->sessions.n_due : sums->n_intended,
                                  .n_sent = attempts(r, second, row->stream),
                                  .n_backlog = sums->n_backlog_most,
                                  .p50_ns = hist_value_at_ppm(times, 500000),
                                  .phase = (uint32_t)row->phase,
                                  .is_whole = !row->partial }))
        fail_for_memory(r);
}

/* A stream's row of the second. */
static struct interval_row row_of(struct recorder *r, const struct second *second, const struct moment *m,
                                  size_t s)
{
    const struct recorder_params *p = &r->params;
    const struct plan_stream *stream = &p->plan->streams[s];
    return (struct interval_row){
        .second = second->index,
        .length_ns = m->end_ns - m->start_ns,
        .stream = s,
        .phase = phase_in_force(stream, p->phases, m->end_ns),
        .partial = !m->is_whole || !phase_fills(stream, p->phases, m->start_ns, m->end_ns),
        .n_inflight = inflight_of(r, second, s),
    };
}

static bool is_loaded(const struct recorder *r, const struct moment *m)
{
    const struct plan *plan = r->params.plan;
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct plan_stream *stream = &plan->streams[s];
        const struct plan_phase *phase = &stream->phases[phase_in_force(stream, r->params.phases, m->end_ns)];
        if (!phase->warmup && phase->kind != PLAN_PHASE_PAUSE &&
            phase_fills(stream, r->params.phases, m->start_ns, m->end_ns))
            return true;
    }
    return false;
}

/* Comes after everything else of the second was flushed: a second with all of its rows is whole in every file
 * of a killed run. */
static void write_intervals(struct recorder *r, const struct second *second, const struct moment *m)
{
    run_folder_flush_but_intervals(&r->folder);
    for (size_t s = 0; s < r->params.plan->n_streams; s++) {
        const struct interval_row row = row_of(r, second, m, s);
        interval_rows_write(&r->folder.intervals, r->params.plan, &row, second->sum, r->scratch);
        add_rule_input(r, second, &row);
        recorder_within_add(r, second, s, row.length_ns, row.partial);
    }
}

/* How long the thread had work, or should have woken, and did not run. A lower bound: its processor time
 * includes that of polling. */
static uint64_t stopped_ns(const struct stats_health *health)
{
    const uint64_t cpu_ns = health->cpu_user_ns + health->cpu_sys_ns;
    return health->overslept_ns + (health->busy_ns > cpu_ns ? health->busy_ns - cpu_ns : 0);
}

/* While something is measured. A long iteration counts even though it makes its second late. */
static void add_busyness(struct rule_input *in, const struct second *second, uint32_t n_threads)
{
    bool is_busy = false;
    for (uint32_t t = 0; t < n_threads; t++) {
        const struct stats_health *health = &second->threads[t].health;
        is_busy |= 100 * health_utilisation(&second->threads[t]) > RULE_BUSY_PCT;
        in->thread_ns += second->threads[t].span_ns;
        in->cpu_ns += health->cpu_user_ns + health->cpu_sys_ns;
        in->stopped_ns += stopped_ns(health);
        if (health->iteration_max_ns > in->iteration_max_ns)
            in->iteration_max_ns = health->iteration_max_ns;
    }
    in->n_seconds++;
    in->n_busy_seconds += is_busy;
}

static void write_health(struct recorder *r, const struct second *second, bool is_loaded)
{
    const struct host_counters now = host_counters_read("");
    const struct host_counters *last = &r->rule_input.host_end;
    const struct health_host host = {
        .steal_pct = host_steal_pct(last, &now),
        .has_retransmits = last->has_tcp && now.has_tcp && now.cpu_ticks > last->cpu_ticks,
        .n_retransmits = now.segments_again - last->segments_again,
        .rss_bytes = now.rss_bytes,
    };
    for (uint32_t t = 0; t < r->params.n_threads; t++)
        health_rows_write(&r->folder.health, second->index, t, &second->threads[t], &host);
    if (is_loaded)
        host_counters_add(&r->rule_input.host_loaded, last, &now);
    r->rule_input.host_end = now;
}

static void write_hists(struct recorder *r, const struct second *second, uint64_t length_ns)
{
    if (r->folder.hist.file)
        hist_rows_write(&r->folder.hist, second->sum, r->params.plan, &r->instances, second->index * NS_PER_S,
                        length_ns);
}

/* Adds the answers of each instance to those of its cluster. */
static void add_answers(struct recorder *r, const struct plan_stream *stream, const struct stats_times *times)
{
    struct err e;
    for (uint32_t i = 0; times && i < times->n_instances; i++)
        if (times->instances[i] && times->instances[i]->n > 0 &&
            answer_seconds_add(&r->answers, stream->cluster, names_text(&r->instances, i),
                               times->instances[i]->n, &e))
            fail_for_memory(r);
}

static void count_answers(struct recorder *r, const struct second *second, uint64_t length_ns)
{
    const struct plan *plan = r->params.plan;
    if (!answer_seconds_is_whole(length_ns))
        return;
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct plan_stream *stream = &plan->streams[s];
        for (size_t c = 0; c < stream->n_rows * stream->n_phases; c++)
            for (int o = 0; o < N_OUTCOMES; o++)
                add_answers(r, stream, second->sum->cells[stream->first_cell_index + c].times[o]);
    }
    answer_seconds_end(&r->answers);
}

/* That of a share says nothing of the whole. */
static bool misses_threshold(const struct recorder *r, uint64_t end_ns)
{
    return !r->params.judges_nothing && thresholds_abort(&(struct threshold_data){ .plan = r->params.plan,
                                                                                   .phases = r->params.phases,
                                                                                   .stats = r->run,
                                                                                   .end_ns = end_ns,
                                                                                   .scratch = r->scratch });
}

/* The run keeps the causes of measured phases, by row but not by phase. */
static void keep_measured_causes(struct stats *sum, const struct plan *plan)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < sum->n_causes; i++) {
        struct stats_cause cause = sum->causes[i];
        const struct plan_stream *stream = &plan->streams[cause.stream];
        if (stream->phases[plan_phase_of(stream, cause.cell)].warmup)
            continue;
        cause.cell = (uint32_t)plan_cell(stream, plan_row_of(stream, cause.cell), 0);
        sum->causes[n++] = cause;
    }
    sum->n_causes = n;
}

bool recorder_write_second(struct recorder *r, struct second *second, uint64_t length_ns)
{
    struct moment m = { .start_ns = r->t0_monotonic_ns + second->index * NS_PER_S };
    m.end_ns = m.start_ns + length_ns;
    m.is_whole = length_ns == NS_PER_S && is_reported_in_time(r, second, m.end_ns);
    m.is_loaded = is_loaded(r, &m);
    error_rows_write(&r->folder.errors, r->params.plan, second->index, second->sum);
    write_hists(r, second, length_ns);
    count_answers(r, second, length_ns);
    write_health(r, second, m.is_loaded);
    if (m.is_loaded)
        add_busyness(&r->rule_input, second, r->params.n_threads);
    for (uint32_t i = 0; i < second->n_slow; i++)
        write_sample(r, second->slow[i].thread, "slow", &second->slow[i].sample);
    write_intervals(r, second, &m);
    recorder_progress_add(r, second, length_ns);
    keep_measured_causes(second->sum, r->params.plan);
    stats_add_second(r->run, second->sum);
    if (r->run->n_lost > 0)
        fail_for_memory(r);
    recorder_watch_second(r, second, length_ns);
    if (r->params.on_second)
        r->params.on_second(r->params.on_second_payload, second->index, second->sum, length_ns);
    const bool must_end = misses_threshold(r, m.end_ns);
    seconds_give_back(&r->seconds, second);
    return must_end;
}
