/* A recorder over the small plan in a temporary folder, and helpers that make stats as a worker would. */
#ifndef TEST_RECORDED_H
#define TEST_RECORDED_H

#include "dns_log.h"
#include "err.h"
#include "files.h"
#include "names.h"
#include "phase_clock.h"
#include "recorder.h"
#include "small_plan.h"
#include "stats.h"
#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

enum { RECORDED_THREADS = 2 };
#define RECORDED_T0_NS          (1000 * NS_PER_S)
#define RECORDED_T0_REALTIME_NS UINT64_C(1795299004000000000)

struct recorded {
    char parent[64];
    char folder[128];
    struct names instances[RECORDED_THREADS], remotes[RECORDED_THREADS];
    const struct names *instance_tables[RECORDED_THREADS], *remote_tables[RECORDED_THREADS];
    struct phase_clock phases[N_PHASES_IN_SMALL_PLAN];
    struct dns_log dns;
    struct recorder_params params;
    struct recorder *recorder;
    struct stats *stats;
    struct err e;
};

static const char *const recorded_argv[] = { "loadgen", "run", "small", NULL };
static struct recorder_setting recorded_settings[] = { { (char[]){ "threads" }, (char[]){ "2" } },
                                                       { (char[]){ "only" }, NULL } };

static inline uint64_t at_ms(uint64_t ms)
{
    return RECORDED_T0_NS + ms * NS_PER_MS;
}

static inline void phase_lasts(struct recorded *x, size_t phase, uint64_t start_ms, uint64_t end_ms)
{
    atomic_store(&x->phases[phase].start_ns, at_ms(start_ms));
    atomic_store(&x->phases[phase].end_ns, at_ms(end_ms));
}

static inline void recorded_init(struct recorded *x)
{
    *x = (struct recorded){ 0 };
    snprintf(x->parent, sizeof x->parent, "/tmp/loadgen-recorded-XXXXXX");
    assert_non_null(mkdtemp(x->parent));
    snprintf(x->folder, sizeof x->folder, "%s/results/2026-11-21T22-10-04Z-small", x->parent);
    dns_log_init(&x->dns);
    for (int t = 0; t < RECORDED_THREADS; t++) {
        assert_int_equal(names_init(&x->instances[t], STATS_INSTANCES_MOST), 0);
        assert_int_equal(names_init(&x->remotes[t], STATS_REMOTES_MOST), 0);
        x->instance_tables[t] = &x->instances[t];
        x->remote_tables[t] = &x->remotes[t];
    }
    x->stats = stats_new(&small_plan);
    assert_non_null(x->stats);
    x->params = (struct recorder_params){ .plan = &small_plan,
                                          .folder = x->folder,
                                          .argv = recorded_argv,
                                          .settings = recorded_settings,
                                          .n_settings = 2,
                                          .n_threads = RECORDED_THREADS,
                                          .instances = x->instance_tables,
                                          .remotes = x->remote_tables,
                                          .phases = x->phases,
                                          .dns = &x->dns,
                                          .pacing = "epoll_pwait2",
                                          .progress = RECORDER_PROGRESS_NONE,
                                          .is_quiet = true };
}

static inline void recorded_start(struct recorded *x)
{
    x->recorder = recorder_new(&x->params, &x->e);
    assert_non_null(x->recorder);
    recorder_start(x->recorder, RECORDED_T0_NS, RECORDED_T0_REALTIME_NS);
}

static inline void recorded_fini(struct recorded *x)
{
    recorder_free(x->recorder);
    stats_free(x->stats);
    for (int t = 0; t < RECORDED_THREADS; t++) {
        names_fini(&x->instances[t]);
        names_fini(&x->remotes[t]);
    }
    dns_log_fini(&x->dns);
    assert_int_equal(files_remove_tree(x->parent, &x->e), 0);
}

/* Gives the stats, filled so far, as thread's from start to end, and empties it. */
static inline void hand_over(struct recorded *x, uint32_t thread, uint64_t start_ms, uint64_t end_ms)
{
    x->stats->start_ns = at_ms(start_ms);
    x->stats->end_ns = at_ms(end_ms);
    recorder_take(x->recorder, thread, x->stats);
    stats_clear(x->stats);
}

static inline void hand_over_last(struct recorded *x, uint32_t thread, uint64_t start_ms, uint64_t end_ms)
{
    x->stats->is_last = true;
    hand_over(x, thread, start_ms, end_ms);
}

/* Requests of the closed stream that were answered as expected, each after `service_us`. */
static inline void closed_ok(struct recorded *x, uint32_t thread, uint32_t phase, const char *instance, int n,
                             uint64_t service_us)
{
    struct stats_times *cell = stats_times(x->stats, phase, OUTCOME_OK);
    const uint32_t number = names_number(&x->instances[thread], instance, strlen(instance));
    for (int i = 0; i < n; i++) {
        stats_count_outcome(x->stats, phase, OUTCOME_OK);
        stats_times_add(cell, METRIC_SERVICE, service_us * 1000);
        stats_times_add(cell, METRIC_RX_AGE, 2000);
        stats_times_add(cell, METRIC_SERVICE_LESS_G, service_us * 1000 - 2000);
        stats_times_add_instance(cell, number, service_us * 1000);
    }
    x->stats->streams[CLOSED].n_sent += (uint64_t)n;
}

/* Requests of the open stream: due, sent `lag_us` late, answered `service_us` later. */
static inline void open_ok(struct recorded *x, uint32_t phase, int n, uint64_t lag_us, uint64_t service_us)
{
    struct stats_times *cell = stats_times(x->stats, phase, OUTCOME_OK);
    for (int i = 0; i < n; i++) {
        stats_count_outcome(x->stats, phase, OUTCOME_OK);
        stats_times_add(cell, METRIC_RESPONSE, (lag_us + service_us) * 1000);
        stats_times_add(cell, METRIC_SERVICE, service_us * 1000);
        stats_times_add(cell, METRIC_LAG, lag_us * 1000);
        stats_times_add(cell, METRIC_CONN_WAIT, 1000);
        stats_times_add(cell, METRIC_RX_AGE, 2000);
        stats_times_add(cell, METRIC_RESPONSE_LESS_G, service_us * 1000 - 2000);
        stats_times_add(cell, METRIC_SERVICE_LESS_G, service_us * 1000 - 2000);
    }
    x->stats->streams[OPEN].n_intended += (uint64_t)n;
    x->stats->streams[OPEN].n_sent += (uint64_t)n;
}

/* The times that an open request without an answer has. */
static inline void open_times(struct recorded *x, uint32_t phase, enum outcome outcome)
{
    struct stats_times *cell = stats_times(x->stats, phase, outcome);
    stats_times_add(cell, METRIC_LAG, 0);
    if (outcome == OUTCOME_DROPPED)
        return;
    stats_times_add(cell, METRIC_RESPONSE, 1000);
    stats_times_add(cell, METRIC_RESPONSE_LESS_G, 1000);
}

static inline void failed(struct recorded *x, uint32_t stream, uint32_t phase, enum outcome outcome,
                          const char *cause)
{
    stats_count_outcome(x->stats, phase, outcome);
    stats_count_cause(x->stats, stream, phase, outcome, 0, cause);
    if (small_plan_streams[stream].model != PLAN_OPEN)
        return;
    x->stats->streams[stream].n_intended++;
    open_times(x, phase, outcome);
}

/* Contents of a file of the run folder; the caller frees. */
static inline char *file_text(struct recorded *x, const char *name)
{
    char path[256];
    char *text = NULL;
    size_t length;
    snprintf(path, sizeof path, "%s/%s", x->folder, name);
    if (files_read(path, 1 << 24, &text, &length, &x->e))
        fail_msg("%s", x->e.text);
    return text;
}

static inline json_t *run_json(struct recorded *x)
{
    char path[256];
    json_error_t error;
    snprintf(path, sizeof path, "%s/run.json", x->folder);
    json_t *run = json_load_file(path, 0, &error);
    if (!run)
        fail_msg("%s: %s", path, error.text);
    return run;
}

/* The exit code after one second of the closed stream with these numbers of ok responses and refusals. */
static inline int recorded_code(struct recorded *x, int n_ok, int n_failed, enum recorder_end end)
{
    recorded_start(x);
    phase_lasts(x, CLOSED_P1, 0, 1000);
    if (n_ok > 0)
        closed_ok(x, 0, CLOSED_P1, "i-a", n_ok, 2000);
    for (int i = 0; i < n_failed; i++)
        failed(x, CLOSED, CLOSED_P1, OUTCOME_CONNECT, "connection refused");
    hand_over_last(x, 0, 0, 1000);
    hand_over_last(x, 1, 0, 1000);
    return recorder_finish(x->recorder, end, at_ms(1000), &x->e);
}

#endif
