#include "recorder.h"

#include "clock.h"
#include "phase_clock.h"
#include "plan.h"
#include "recorder_state.h"
#include "recorder_watch.h"
#include "run_json_write.h"
#include "thresholds.h"
#include "units.h"
#include "utf8.h"
#include "verdict.h"

#include <stdio.h>
#include <stdlib.h>

#define JSON_EVERY_NS (10 * NS_PER_S)

static int threads_init(struct recorder *r)
{
    const struct recorder_params *p = &r->params;
    r->threads = calloc(p->n_threads, sizeof *r->threads);
    for (uint32_t t = 0; r->threads && t < p->n_threads; t++) {
        struct recorder_thread *thread = &r->threads[t];
        thread->n_inflight = calloc(p->plan->n_streams, sizeof *thread->n_inflight);
        if (!thread->n_inflight ||
            names_map_init(&thread->instances, p->instances[t], &r->instances, STATS_INSTANCES_MOST) ||
            names_map_init(&thread->remotes, p->remotes[t], &r->remotes, STATS_REMOTES_MOST))
            return -1;
    }
    return r->threads ? 0 : -1;
}

static int log_init(struct recorder *r, struct err *e)
{
    const struct recorder_params *p = &r->params;
    if (p->log_form == REQUEST_LOG_NONE)
        return 0;
    r->log = request_log_new(&(struct request_log_params){ .plan = p->plan,
                                                           .folder = r->folder.path,
                                                           .form = p->log_form,
                                                           .n_threads = p->n_threads,
                                                           .instances = p->instances,
                                                           .remotes = p->remotes },
                             e);
    return r->log ? 0 : -1;
}

struct request_log_ring *recorder_log_ring(struct recorder *r, uint32_t thread)
{
    return r->log ? request_log_ring_of(r->log, thread) : NULL;
}

/* As if the run ended now, so that a killed run can be read. */
static int write_json_so_far(struct recorder *r, uint64_t now_ns, struct err *e)
{
    const struct recorder_ending so_far = { .end = RECORDER_RUNNING, .end_ns = now_ns };
    struct verdict open = { 0 };
    const int status =
        thresholds_leave_open(r->params.plan, &open, e) || run_json_write(r, &so_far, &open, e);
    verdict_fini(&open);
    return status ? -1 : 0;
}

/* Before anything is sent, so t0 is approximate. */
static int begin_json(struct recorder *r, struct err *e)
{
    r->t0_monotonic_ns = clock_monotonic_ns();
    r->t0_realtime_ns = clock_realtime_ns();
    run_json_host_read("", &r->host);
    return write_json_so_far(r, r->t0_monotonic_ns, e);
}

static int declare_instances(struct recorder *r, struct err *e)
{
    const struct plan *plan = r->params.plan;
    for (size_t c = 0; c < plan->n_clusters; c++)
        for (size_t i = 0; i < plan->clusters[c].n_instances; i++)
            if (answer_seconds_declare(&r->answers, plan->clusters[c].name, plan->clusters[c].instances[i],
                                       e))
                return -1;
    return 0;
}

struct recorder *recorder_new(const struct recorder_params *params, struct err *e)
{
    struct recorder *r = calloc(1, sizeof *r);
    if (!r)
        goto no_memory;
    r->params = *params;
    r->run = stats_new(params->plan);
    r->scratch[0] = hist_new();
    r->scratch[1] = hist_new();
    if (!r->run || !r->scratch[0] || !r->scratch[1] || names_init(&r->instances, STATS_INSTANCES_MOST) ||
        names_init(&r->remotes, STATS_REMOTES_MOST) || threads_init(r) ||
        seconds_init(&r->seconds, params->plan, params->n_threads) ||
        rule_input_init(&r->rule_input, params->plan) || recorder_progress_init(r))
        goto no_memory;
    r->rule_input.round_trips = params->round_trips;
    if (declare_instances(r, e) == 0 && run_folder_make(&r->folder, params->folder, params->plan, e) == 0 &&
        log_init(r, e) == 0 && begin_json(r, e) == 0)
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
        names_map_fini(&r->threads[t].instances);
        names_map_fini(&r->threads[t].remotes);
        free(r->threads[t].n_inflight);
    }
    free(r->threads);
    seconds_fini(&r->seconds);
    rule_input_fini(&r->rule_input);
    answer_seconds_fini(&r->answers);
    for (int i = 0; i < 2; i++)
        within_steps_fini(&r->within[i]);
    run_view_fini(&r->progress);
    request_log_free(r->log);
    names_fini(&r->instances);
    names_fini(&r->remotes);
    stats_free(r->run);
    hist_free(r->scratch[0]);
    hist_free(r->scratch[1]);
    run_folder_close(&r->folder);
    free(r);
}

void recorder_start(struct recorder *r, uint64_t t0_monotonic_ns, uint64_t t0_realtime_ns)
{
    struct err e;
    r->t0_monotonic_ns = t0_monotonic_ns;
    r->t0_realtime_ns = t0_realtime_ns;
    r->seconds.t0_ns = t0_monotonic_ns;
    run_folder_start(&r->folder, t0_realtime_ns);
    if (r->log && request_log_start(r->log, t0_monotonic_ns, &e))
        run_folder_note(&r->folder, &e);
    recorder_watch_begin(r);
}

/* How often a phase has begun or ended so far. */
static size_t count_turns(const struct recorder *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->params.plan->n_phases; i++)
        n += (size_t)(phase_start_ns(r->params.phases, i) != 0) +
             (size_t)(phase_end_ns(r->params.phases, i) != 0);
    return n;
}

/* Phases that began after run.json was written last would have no times if the run were killed. */
static void rewrite_json(struct recorder *r, uint64_t now_ns)
{
    struct err e;
    const size_t n_turns = count_turns(r);
    if (now_ns < r->t0_monotonic_ns + r->next_json_ns && n_turns == r->n_turns)
        return;
    r->n_turns = n_turns;
    r->next_json_ns = (now_ns - r->t0_monotonic_ns) / JSON_EVERY_NS * JSON_EVERY_NS + JSON_EVERY_NS;
    if (write_json_so_far(r, now_ns, &e))
        run_folder_note(&r->folder, &e);
}

static void check_log(struct recorder *r)
{
    struct err e;
    if (r->log && request_log_check(r->log, &e))
        run_folder_note(&r->folder, &e);
}

static void print_failure(struct recorder *r)
{
    progress_end(&r->progress.display);
    fputs("loadgen: ", stderr);
    utf8_print(stderr, r->folder.failure.text);
    fprintf(stderr, "; %s\n", r->params.keeps_going ? "the run goes on (--keep-going)" : "the run ends");
    fflush(stderr);
}

/* Reports the first failure to write. True if the run must end for it. */
static bool must_end(struct recorder *r)
{
    if (r->folder.failure.kind == ERR_NONE)
        return false;
    if (!r->is_failure_printed && r->params.on_failure)
        r->params.on_failure(r->params.on_failure_payload, r->folder.failure.text);
    else if (!r->is_failure_printed)
        print_failure(r);
    r->is_failure_printed = true;
    return !r->params.keeps_going;
}

enum recorder_end recorder_tick(struct recorder *r, uint64_t now_ns)
{
    struct clock_pair clocks;
    bool is_missed = false;
    if (clock_watch_read(&clocks))
        clock_watch_add(&r->rule_input.clocks, &clocks);
    if (r->next_json_ns == 0) /* before any second is in the files, run.json has the right t0 */
        rewrite_json(r, now_ns);
    for (struct second *second; (second = seconds_take(&r->seconds, 0)) != NULL;)
        is_missed |= recorder_write_second(r, second, NS_PER_S);
    run_folder_flush(&r->folder);
    check_log(r);
    rewrite_json(r, now_ns);
    if (must_end(r))
        return RECORDER_FAILED;
    recorder_progress_show(r, now_ns);
    return is_missed ? RECORDER_ABORTED : RECORDER_RUNNING;
}
