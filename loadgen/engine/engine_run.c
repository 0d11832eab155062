#include "background.h"
#include "clock.h"
#include "engine_parts.h"
#include "err.h"
#include "plan.h"
#include "stats.h"
#include "units.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>

enum {
    START_DELAY_MS = 20,   /* threads are up and waiting when t0 comes */
    START_EARLY_MS = 100,  /* the same, where the start is far enough ahead */
    COLLECT_DELAY_MS = 25, /* after the second's edge, by when the workers have rotated */
    COLLECTOR_NICE = 10,   /* when both share a processor, the worker goes first */
    LOOK_MS = 100,         /* longest delay until a signal or the end is noticed */
};

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
    engine_call_all(en);
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
    if (endpoints_start(&en->endpoints, engine_call_all, en, e)) {
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

/* The first reason counts. */
static void end_run(struct collector *c, enum recorder_end how)
{
    if (c->end != RECORDER_DONE)
        return;
    c->end = how;
    stop_all(c->engine);
}

/* Ends the run on a signal or where the plan wants it, unless the caller attends to both, or when the
 * caller's order takes effect. */
static void heed_stop(struct collector *c)
{
    struct engine *en = c->engine;
    if (*en->stop && !en->attend)
        end_run(c, RECORDER_INTERRUPTED);
    if (engine_stop_cause(en) && !en->attend)
        end_run(c, RECORDER_ABORTED);
    if (clock_monotonic_ns() >= atomic_load_explicit(&en->ordered_ns, memory_order_acquire))
        end_run(c, en->ordered_end);
}

static uint64_t next_look_ns(const struct collector *c)
{
    const uint64_t ordered_ns = atomic_load_explicit(&c->engine->ordered_ns, memory_order_acquire);
    return c->end == RECORDER_DONE && ordered_ns < c->collect_ns ? ordered_ns : c->collect_ns;
}

static void collect_all(struct collector *c)
{
    struct engine *en = c->engine;
    while (en->n_ended < en->plan->n_threads) {
        wait_until(en, next_look_ns(c));
        heed_stop(c);
        collect(en, c->recorder);
        const uint64_t now_ns = clock_monotonic_ns();
        if (now_ns < c->collect_ns)
            continue;
        while (c->collect_ns <= now_ns)
            c->collect_ns += NS_PER_S;
        const enum recorder_end wanted = recorder_tick(c->recorder, now_ns);
        if (wanted != RECORDER_RUNNING)
            end_run(c, wanted);
    }
    atomic_store(&en->is_collected, true);
}

static void *collect_nicely(void *payload)
{
    background_enter(COLLECTOR_NICE);
    collect_all(payload);
    return NULL;
}

/* On a thread of its own, because threads inherit niceness, only root can lower it again, and the next run of
 * a sweep or campaign makes its threads from this one. Meanwhile the caller attends to its own affairs. */
static void collect_beside(struct collector *c)
{
    struct engine *en = c->engine;
    pthread_t thread;
    if (pthread_create(&thread, NULL, collect_nicely, c)) {
        if (en->attend) /* nothing would attend */
            end_run(c, RECORDER_FAILED);
        collect_all(c);
        return;
    }
    while (en->attend && !atomic_load(&en->is_collected))
        en->attend(en->attend_payload);
    pthread_join(thread, NULL);
}

void engine_end(struct engine *en, enum recorder_end how, uint64_t at_ns)
{
    if (atomic_load(&en->ordered_ns) != UINT64_MAX)
        return;
    en->ordered_end = how;
    atomic_store_explicit(&en->ordered_ns, at_ns, memory_order_release);
    eventfd_write(en->finished_fd, 1); /* the collector looks when to look next */
}

/* --- the start --- */

static bool is_ordered(const struct engine *en)
{
    return atomic_load(&en->ordered_ns) != UINT64_MAX;
}

static bool must_stop(const struct engine *en)
{
    return is_ordered(en) || (*en->stop && !en->attend);
}

/* Waits until the threads must be made. Returns the start, which is soon where none is given. A stop
 * meanwhile brings it forward, and nothing will be sent; the date stays, which the shares of a run have in
 * common. */
static struct engine_start wait_for_start(struct engine *en, struct engine_start at)
{
    while (at.monotonic_ns > clock_monotonic_ns() + START_EARLY_MS * NS_PER_MS && !must_stop(en))
        if (en->attend)
            en->attend(en->attend_payload);
        else
            wait_until(en, at.monotonic_ns - START_EARLY_MS * NS_PER_MS);
    if (at.monotonic_ns == 0 || must_stop(en))
        at.monotonic_ns = clock_monotonic_ns() + START_DELAY_MS * NS_PER_MS;
    if (at.realtime_ns == 0)
        at.realtime_ns = clock_realtime_ns() + START_DELAY_MS * NS_PER_MS;
    return at;
}

int engine_run(struct engine *en, struct recorder *recorder, struct engine_start at, enum recorder_end *end,
               uint64_t *end_ns, struct err *e)
{
    at = wait_for_start(en, at);
    struct collector c = { .engine = en,
                           .recorder = recorder,
                           .collect_ns = at.monotonic_ns + NS_PER_S + COLLECT_DELAY_MS * NS_PER_MS,
                           .end = RECORDER_DONE };

    recorder_start(recorder, at.monotonic_ns, at.realtime_ns);
    if (must_stop(en)) /* now: then the threads send nothing */
        end_run(&c, is_ordered(en) ? en->ordered_end : RECORDER_INTERRUPTED);
    const int status = start(en, recorder, at.monotonic_ns, e);
    if (status) {
        c.end = RECORDER_FAILED;
        stop_all(en);
    }
    collect_beside(&c);
    *end = c.end;
    /* Not the present: a slow disk may have delayed the collector, which does not make the run longer. */
    *end_ns = en->ended_ns > 0 ? en->ended_ns : clock_monotonic_ns();
    for (uint32_t i = 0; i < en->plan->n_threads; i++)
        worker_join(en->workers[i]);
    endpoints_stop(&en->endpoints); /* before the recorder reads the DNS log */
    return status;
}
