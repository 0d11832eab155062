/* A thread's loop. It waits for sockets, for the next due time and for the descriptor of libuv's loop, which
 * turns when it has something to do: a tick, a call from another thread (libuv's guide calls this embedding;
 * see uv_backend_fd). Answers and due requests take turns, so that neither holds up the other however many
 * there are: each answer that is read lets one due request go, and a few more go when all answers are read.
 * Where more is due than the thread can send, no more is on its way than it can read: requests wait to be
 * sent, and answers hardly at all. */
#include "worker.h"

#include "clock.h"
#include "shard.h"
#include "stats.h"
#include "units.h"

#include <errno.h>
#include <stddef.h>

enum { DUE_MOST = 16 }; /* requests of a shard between two looks at the sockets; 30 us on a busy core */

void worker_note_oversleep(struct worker *w, uint64_t slept_ns)
{
    const uint64_t kept_ns = slept_ns - WORKER_TICK_MS * NS_PER_MS;
    if (kept_ns > w->stats->health.iteration_max_ns)
        w->stats->health.iteration_max_ns = kept_ns;
}

void worker_note_closed(struct worker *w, struct conn *c)
{
    c->closed_after = NULL;
    if (w->closed_first)
        w->closed_last->closed_after = c;
    else
        w->closed_first = c;
    w->closed_last = c;
}

/* Those that are closed by what happens here wait for the next turn. */
static void tell_closed(struct worker *w)
{
    struct conn *c = w->closed_first;
    w->closed_first = w->closed_last = NULL;
    while (c) {
        struct conn *after = c->closed_after;
        c->state = CONN_CLOSED;
        shard_on_closed(c->shard, c, worker_now(w));
        c = after;
    }
}

static void end_wakeup(struct worker *w)
{
    struct stats_health *h = &w->stats->health;
    const uint64_t busy_ns = w->poll_ns - w->wake_ns;
    w->is_awake = false;
    h->busy_ns += busy_ns;
    if (busy_ns > h->iteration_max_ns)
        h->iteration_max_ns = busy_ns;
    if (w->n_due_sends > 0)
        hist_add(h->sends_per_wakeup, w->n_due_sends);
    w->n_due_sends = 0;
}

/* About to wait for the kernel, or to have a look: with a request due that is work like any other. */
static void begin_wait(struct worker *w)
{
    w->poll_ns = clock_monotonic_ns();
    if (w->is_awake)
        end_wakeup(w);
    if (w->pacer.armed_ns <= w->poll_ns)
        worker_wake(w, w->poll_ns);
}

static void on_loop_ready(struct poller_watch *watch, uint32_t events)
{
    (void)events;
    struct worker *w = (struct worker *)(void *)((char *)watch - offsetof(struct worker, loop_watch));
    w->is_loop_due = true;
}

int worker_init_poller(struct worker *w)
{
    w->loop_watch.on_events = on_loop_ready;
    if (poller_init(&w->poller) ||
        poller_add(&w->poller, uv_backend_fd(&w->loop), &w->loop_watch, POLLER_READABLE))
        return uv_translate_sys_error(errno);
    return 0;
}

/* Ticks, calls from other threads, and whatever else is libuv's. */
static void turn_loop(struct worker *w)
{
    w->is_loop_due = false;
    uv_run(&w->loop, UV_RUN_NOWAIT);
    w->turned_ns = clock_monotonic_ns();
}

/* When the loop's timers want it to turn; they count whole milliseconds since it last did. */
static uint64_t loop_due_ns(const struct worker *w)
{
    const int timeout_ms = uv_backend_timeout(&w->loop);
    return timeout_ms < 0 ? UINT64_MAX : w->turned_ns + (uint64_t)timeout_ms * NS_PER_MS;
}

/* The loop's timers count milliseconds: they can wait for a request that is due within one. */
static uint64_t wait_until_ns(const struct worker *w, uint64_t due_ns)
{
    if (w->closed_first || due_ns <= w->poll_ns)
        return w->poll_ns;
    if (w->pacer.armed_ns > due_ns && w->pacer.armed_ns - due_ns < NS_PER_MS)
        due_ns = w->pacer.armed_ns;
    return due_ns - w->poll_ns > WORKER_SLEEP_MOST_NS ? w->poll_ns + WORKER_TICK_MS * NS_PER_MS : due_ns;
}

void worker_turn(struct worker *w)
{
    const uint64_t due_ns = loop_due_ns(w);
    begin_wait(w);
    const struct pacer_wait wait = pacer_plan(&w->pacer, w->poll_ns, wait_until_ns(w, due_ns));
    const int n = pacer_wait(&w->pacer, &wait, w->poll_ns);
    /* Whoever was called has read the clock. */
    const uint64_t now_ns = n > 0 && w->is_awake ? w->wake_ns : clock_monotonic_ns();
    if (w->is_awake && wait.most_ns == 0)
        w->wake_ns = w->poll_ns; /* there was no need to wait */
    if (now_ns >= w->pacer.armed_ns && n < POLLER_CALLS_MOST)
        worker_run_due(w, DUE_MOST, worker_now(w));
    if (w->is_loop_due || now_ns >= due_ns)
        turn_loop(w);
    tell_closed(w);
}

void worker_run_loop(struct worker *w)
{
    turn_loop(w);
    while (uv_loop_alive(&w->loop) || w->closed_first)
        worker_turn(w);
}
