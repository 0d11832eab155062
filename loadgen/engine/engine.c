#include "engine.h"

#include "background.h"
#include "barrier.h"
#include "clock.h"
#include "descriptors.h"
#include "endpoints.h"
#include "err.h"
#include "phase_clock.h"
#include "plan.h"
#include "round_trip.h"
#include "round_trips.h"
#include "stats.h"
#include "transport_socket.h"
#include "units.h"
#include "worker.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    START_DELAY_MS = 20,   /* threads are up and waiting when t0 comes */
    COLLECT_DELAY_MS = 25, /* after the second's edge, by when the workers have rotated */
    COLLECTOR_NICE = 10,   /* when both share a processor, the worker goes first */
    LOOK_MS = 100,         /* longest delay until a signal or the end is noticed */
};

struct engine {
    const struct plan *plan;
    const atomic_int *stop;
    struct endpoints endpoints;
    struct round_trips round_trips;
    struct phase_clock *phases;
    struct barrier *barriers;
    struct worker **workers;
    const struct names **instances;
    const struct names **remotes;
    bool *has_ended;
    uint32_t n_ended;
    uint64_t ended_ns; /* when the last of the finished threads ended; 0: none has */
    int finished_fd, stamps_fd;
};

/* The i-th of the processors that this process may use; -1 when there are too few. */
static int cpu_for(uint32_t i)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed))
        return -1;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET((unsigned)cpu, &allowed) && i-- == 0)
            return cpu;
    return -1;
}

/* Wakes all threads to check for news. From any thread. */
static void call_all(void *payload)
{
    struct engine *en = payload;
    for (uint32_t i = 0; i < en->plan->n_threads; i++)
        loop_call(&en->workers[i]->loop);
}

static int allocate(struct engine *en)
{
    const struct plan *plan = en->plan;
    en->phases = calloc(plan->n_phases, sizeof *en->phases);
    en->barriers = aligned_alloc(_Alignof(struct barrier), plan->n_streams * sizeof *en->barriers);
    en->workers = calloc(plan->n_threads, sizeof(struct worker *));
    en->instances = calloc(plan->n_threads, sizeof(struct names *));
    en->remotes = calloc(plan->n_threads, sizeof(struct names *));
    en->has_ended = calloc(plan->n_threads, sizeof *en->has_ended);
    if (!en->phases || !en->barriers || !en->workers || !en->instances || !en->remotes || !en->has_ended)
        return -1;
    for (size_t i = 0; i < plan->n_streams; i++)
        en->barriers[i] = (struct barrier){ .n_sharers = division_of(plan, i, 0).n_sharers,
                                            .on_passed = call_all,
                                            .payload = en };
    return 0;
}

static int make_workers(struct engine *en, const struct engine_params *params, struct err *e)
{
    for (uint32_t i = 0; i < en->plan->n_threads; i++) {
        struct worker *w = malloc(sizeof *w);
        if (!w)
            return err_set(e, ERR_FAILED, "out of memory for the threads");
        en->workers[i] = w;
        const struct worker_params p = { .plan = en->plan,
                                         .phases = en->phases,
                                         .endpoints = &en->endpoints,
                                         .barriers = en->barriers,
                                         .index = i,
                                         .spin_ns = params->spin_ns,
                                         .pin_cpu = params->pins ? cpu_for(i) : -1,
                                         .finished_fd = en->finished_fd };
        if (worker_init(w, &p, e))
            return -1;
        en->instances[i] = &w->loop.instances;
        en->remotes[i] = &w->loop.remotes;
    }
    return 0;
}

struct engine *engine_new(const struct engine_params *params, struct err *e)
{
    struct engine *en = calloc(1, sizeof *en);
    if (!en) {
        err_set(e, ERR_FAILED, "out of memory for the engine");
        return NULL;
    }
    en->plan = params->plan;
    en->stop = params->stop;
    en->finished_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    en->stamps_fd = transport_socket_stamps_early();
    if (descriptors_raise(en->plan, e) ||
        endpoints_init(&en->endpoints, en->plan, params->dns, params->stop, e))
        goto fail;
    if (allocate(en) || en->finished_fd < 0) {
        err_set(e, ERR_FAILED, "out of memory for the engine");
        goto fail;
    }
    if (make_workers(en, params, e))
        goto fail;
    return en;
fail:
    engine_free(en);
    return NULL;
}

void engine_free(struct engine *en)
{
    if (!en)
        return;
    endpoints_stop(&en->endpoints); /* first: the resolver calls the workers */
    for (uint32_t i = 0; en->workers && i < en->plan->n_threads; i++)
        if (en->workers[i]) {
            worker_fini(en->workers[i]);
            free(en->workers[i]);
        }
    endpoints_fini(&en->endpoints);
    if (en->stamps_fd >= 0)
        close(en->stamps_fd);
    if (en->finished_fd >= 0)
        close(en->finished_fd);
    free(en->has_ended);
    free(en->remotes);
    free(en->instances);
    free(en->workers);
    free(en->barriers);
    free(en->phases);
    free(en);
}

const struct names *const *engine_instances(const struct engine *en)
{
    return en->instances;
}

const struct names *const *engine_remotes(const struct engine *en)
{
    return en->remotes;
}

const struct phase_clock *engine_phases(const struct engine *en)
{
    return en->phases;
}

void engine_measure_round_trips(struct engine *en)
{
    round_trip_measure(&en->round_trips, en->plan, &en->endpoints, en->stop);
}

const struct round_trips *engine_round_trips(const struct engine *en)
{
    return &en->round_trips;
}

const char *engine_pacing(const struct engine *en)
{
    return pacer_kind(&en->workers[0]->loop.pacer);
}

/* --- the collector --- */

static void note_end(struct engine *en, uint32_t thread, uint64_t end_ns)
{
    en->has_ended[thread] = true;
    en->n_ended++;
    if (end_ns > en->ended_ns)
        en->ended_ns = end_ns;
}

static void collect(struct engine *en, struct recorder *recorder)
{
    for (uint32_t i = 0; i < en->plan->n_threads; i++) {
        struct mailbox *box = &en->workers[i]->mailbox;
        struct stats *b = mailbox_take(&box->full);
        if (!b)
            continue;
        recorder_take(recorder, i, b);
        if (b->is_last && !en->has_ended[i])
            note_end(en, i, b->end_ns);
        stats_clear(b);
        if (mailbox_is_empty(&box->empty))
            mailbox_put(&box->empty, b);
        else
            stats_free(b);
    }
}

static void stop_all(struct engine *en)
{
    for (uint32_t i = 0; i < en->plan->n_threads; i++)
        atomic_store_explicit(&en->workers[i]->stop, 1, memory_order_release);
    call_all(en);
}

/* Waits for the time, the end of a thread, or at most LOOK_MS. */
static void wait_until(struct engine *en, uint64_t until_ns)
{
    struct pollfd finished = { .fd = en->finished_fd, .events = POLLIN };
    const uint64_t now_ns = clock_monotonic_ns();
    eventfd_t n_finished;
    if (now_ns >= until_ns)
        return;
    const int wait_ms = poller_whole_ms(until_ns - now_ns);
    poll(&finished, 1, wait_ms < LOOK_MS ? wait_ms : LOOK_MS);
    eventfd_read(en->finished_fd, &n_finished); /* fails when none has */
}

static int start(struct engine *en, struct recorder *recorder, uint64_t t0_ns, struct err *e)
{
    if (endpoints_start(&en->endpoints, call_all, en, e)) {
        en->n_ended = en->plan->n_threads;
        return -1;
    }
    for (uint32_t i = 0; i < en->plan->n_threads; i++) {
        en->workers[i]->loop.log = recorder_log_ring(recorder, i);
        if (worker_start(en->workers[i], t0_ns, e)) {
            /* Running threads end at once; the others never start. */
            for (uint32_t k = i; k < en->plan->n_threads; k++) {
                en->has_ended[k] = true;
                en->n_ended++;
            }
            return -1;
        }
    }
    return 0;
}

struct collector {
    struct engine *engine;
    struct recorder *recorder;
    uint64_t collect_ns; /* the next collection */
    enum recorder_end end;
};

static void collect_all(struct collector *c)
{
    struct engine *en = c->engine;
    while (en->n_ended < en->plan->n_threads) {
        wait_until(en, c->collect_ns);
        if (*en->stop && c->end == RECORDER_DONE) {
            c->end = RECORDER_INTERRUPTED;
            stop_all(en);
        }
        collect(en, c->recorder);
        const uint64_t now_ns = clock_monotonic_ns();
        if (now_ns < c->collect_ns)
            continue;
        while (c->collect_ns <= now_ns)
            c->collect_ns += NS_PER_S;
        const enum recorder_end wanted = recorder_tick(c->recorder, now_ns);
        if (wanted != RECORDER_RUNNING && c->end == RECORDER_DONE) {
            c->end = wanted;
            stop_all(en);
        }
    }
}

static void *collect_nicely(void *payload)
{
    background_enter(COLLECTOR_NICE);
    collect_all(payload);
    return NULL;
}

int engine_run(struct engine *en, struct recorder *recorder, enum recorder_end *end, uint64_t *end_ns,
               struct err *e)
{
    const uint64_t t0_ns = clock_monotonic_ns() + START_DELAY_MS * NS_PER_MS;
    struct collector c = { .engine = en,
                           .recorder = recorder,
                           .collect_ns = t0_ns + NS_PER_S + COLLECT_DELAY_MS * NS_PER_MS,
                           .end = RECORDER_DONE };
    pthread_t thread;

    recorder_start(recorder, t0_ns, clock_realtime_ns() + START_DELAY_MS * NS_PER_MS);
    const int status = start(en, recorder, t0_ns, e);
    if (status) {
        c.end = RECORDER_FAILED;
        stop_all(en);
    }
    /* On a thread of its own, because threads inherit niceness, only root can lower it again, and the next
     * run of a sweep or campaign makes its threads from this one. */
    if (pthread_create(&thread, NULL, collect_nicely, &c) == 0)
        pthread_join(thread, NULL);
    else
        collect_all(&c);
    *end = c.end;
    /* Not the present: a slow disk may have delayed the collector, which does not make the run longer. */
    *end_ns = en->ended_ns > 0 ? en->ended_ns : clock_monotonic_ns();
    for (uint32_t i = 0; i < en->plan->n_threads; i++)
        worker_join(en->workers[i]);
    endpoints_stop(&en->endpoints); /* before the recorder reads the DNS log */
    return status;
}
