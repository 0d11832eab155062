#include "recorder.h"

#include "book_merge.h"
#include "error_rows.h"
#include "health_rows.h"
#include "hist_rows.h"
#include "interval_rows.h"
#include "phase_state.h"
#include "plan.h"
#include "recorder_state.h"
#include "sample_rows.h"
#include "second_fill.h"
#include "units.h"

#include <stdlib.h>

/* A book that ends this much after its second has left a hole in the next one. */
#define LATE_NS (50 * NS_PER_MS)

static int threads_init(struct recorder *r)
{
    const struct recorder_params *p = &r->params;
    r->threads = calloc(p->n_threads, sizeof *r->threads);
    for (uint32_t t = 0; r->threads && t < p->n_threads; t++) {
        struct recorder_thread *thread = &r->threads[t];
        thread->n_inflight = calloc(p->plan->n_streams, sizeof *thread->n_inflight);
        if (!thread->n_inflight ||
            name_map_init(&thread->instances, p->instances[t], &r->instances, BOOK_INSTANCES_MOST) ||
            name_map_init(&thread->remotes, p->remotes[t], &r->remotes, BOOK_REMOTES_MOST))
            return -1;
    }
    return r->threads ? 0 : -1;
}

struct recorder *recorder_new(const struct recorder_params *params, struct err *e)
{
    struct recorder *r = calloc(1, sizeof *r);
    if (!r)
        goto no_memory;
    r->params = *params;
    r->run = book_new(params->plan);
    r->scratch = hist_new();
    if (!r->run || !r->scratch || names_init(&r->instances, BOOK_INSTANCES_MOST) ||
        names_init(&r->remotes, BOOK_REMOTES_MOST) || threads_init(r) ||
        seconds_init(&r->seconds, params->plan, params->n_threads))
        goto no_memory;
    if (run_folder_make(&r->folder, params->folder, params->plan, e) == 0)
        return r;
    recorder_free(r);
    return NULL;
no_memory:
    recorder_free(r);
    err_set(e, ERR_FAILED, "out of memory while preparing to record");
    return NULL;
}

void recorder_free(struct recorder *r)
{
    if (!r)
        return;
    for (uint32_t t = 0; r->threads && t < r->params.n_threads; t++) {
        name_map_fini(&r->threads[t].instances);
        name_map_fini(&r->threads[t].remotes);
        free(r->threads[t].n_inflight);
    }
    free(r->threads);
    seconds_fini(&r->seconds);
    names_fini(&r->instances);
    names_fini(&r->remotes);
    book_free(r->run);
    hist_free(r->scratch);
    run_folder_close(&r->folder);
    free(r);
}

void recorder_start(struct recorder *r, uint64_t t0_monotonic_ns, uint64_t t0_realtime_ns)
{
    r->t0_monotonic_ns = t0_monotonic_ns;
    r->t0_realtime_ns = t0_realtime_ns;
    r->seconds.t0_ns = t0_monotonic_ns;
    r->host_start = r->host_last = host_counters_read();
    run_folder_start(&r->folder, t0_realtime_ns);
}

static void write_sample(struct recorder *r, uint32_t thread, const char *why,
                         const struct book_sample *sample)
{
    const struct sample_words words = { .plan = r->params.plan,
                                        .instances = r->params.instances[thread],
                                        .remotes = r->params.remotes[thread],
                                        .t0_ns = r->t0_monotonic_ns };
    sample_rows_write(&r->folder.samples, &words, why, sample);
}

static void write_samples(struct recorder *r, struct second *second, uint32_t thread, const struct book *book)
{
    for (uint32_t i = 0; i < book->sys.n; i++)
        write_sample(r, thread, "sys", &book->sys.rows[i]);
    for (uint32_t i = 0; i < book->err.n && second->n_err_samples < BOOK_ERR_SAMPLES_MOST; i++) {
        write_sample(r, thread, "err", &book->err.rows[i]);
        second->n_err_samples++;
    }
}

void recorder_take(struct recorder *r, uint32_t thread, const struct book *book)
{
    struct recorder_thread *about = &r->threads[thread];
    struct second *second = seconds_of(&r->seconds, thread, book);
    if (!second) {
        struct err e;
        err_set(&e, ERR_FAILED, "out of memory: part of the results is lost");
        run_folder_note(&r->folder, &e);
        return;
    }
    second_fill(second, thread, book, &about->instances);
    book_merge_remotes(r->run, book, &about->remotes);
    write_samples(r, second, thread, book);
}

/* What is in flight at the end of the second; a thread that told nothing has what it had. */
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

/* True when every thread's books of the second cover just the second. */
static bool is_told_in_time(const struct recorder *r, const struct second *second, uint64_t end_ns)
{
    for (uint32_t t = 0; t < r->params.n_threads; t++)
        if (second->threads[t].span_ns == 0 || second->threads[t].end_ns > end_ns + LATE_NS)
            return false;
    return true;
}

static void write_intervals(struct recorder *r, const struct second *second, uint64_t length_ns)
{
    const struct recorder_params *p = &r->params;
    const uint64_t start_ns = r->t0_monotonic_ns + second->index * NS_PER_S;
    const uint64_t end_ns = start_ns + length_ns;
    const bool is_whole = length_ns == NS_PER_S && is_told_in_time(r, second, end_ns);
    for (size_t s = 0; s < p->plan->n_streams; s++) {
        const struct plan_stream *stream = &p->plan->streams[s];
        const struct interval_row row = { .second = second->index,
                                          .length_ns = length_ns,
                                          .stream = s,
                                          .phase = phase_in_force(stream, p->phases, end_ns),
                                          .partial =
                                              !is_whole || !phase_fills(stream, p->phases, start_ns, end_ns),
                                          .n_inflight = inflight_of(r, second, s) };
        interval_rows_write(&r->folder.intervals, p->plan, &row, second->sum, r->scratch);
    }
}

static void write_health(struct recorder *r, const struct second *second)
{
    const struct host_counters now = host_counters_read();
    const struct host_counters *last = &r->host_last;
    const struct health_host host = { .steal_pct = host_steal_pct(last, &now),
                                      .has_retransmits =
                                          last->has_tcp && now.has_tcp && now.cpu_ticks > last->cpu_ticks,
                                      .n_retransmits = now.segments_again - last->segments_again,
                                      .rss_bytes = now.rss_bytes };
    for (uint32_t t = 0; t < r->params.n_threads; t++)
        health_rows_write(&r->folder.health, second->index, t, &second->threads[t], &host);
    r->host_last = now;
}

static void write_second(struct recorder *r, struct second *second, uint64_t length_ns)
{
    struct err e;
    write_intervals(r, second, length_ns);
    error_rows_write(&r->folder.errors, r->params.plan, second->index, second->sum);
    if (r->folder.hist.file && hist_rows_write(&r->folder.hist, second->sum, r->params.plan, &r->instances,
                                               second->index * NS_PER_S, length_ns, &e))
        run_folder_note(&r->folder, &e);
    write_health(r, second);
    for (uint32_t i = 0; i < second->n_slow; i++)
        write_sample(r, second->slow[i].thread, "slow", &second->slow[i].sample);
    book_merge(r->run, second->sum, NULL);
    seconds_give_back(&r->seconds, second);
}

bool recorder_tick(struct recorder *r, uint64_t now_ns)
{
    (void)now_ns;
    for (struct second *second; (second = seconds_take(&r->seconds, 0)) != NULL;)
        write_second(r, second, NS_PER_S);
    run_folder_flush(&r->folder);
    return false;
}

void recorder_write_rest(struct recorder *r, uint64_t end_ns)
{
    for (struct second *second; (second = seconds_take(&r->seconds, end_ns)) != NULL;) {
        const uint64_t start_ns = r->t0_monotonic_ns + second->index * NS_PER_S;
        const uint64_t left_ns = end_ns > start_ns ? end_ns - start_ns : 1;
        write_second(r, second, left_ns < NS_PER_S ? left_ns : NS_PER_S);
    }
}
