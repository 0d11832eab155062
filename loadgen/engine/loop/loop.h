/* One thread's event loop, and what the connections on it share: sockets are watched by a poller, the next
 * due time by a pacer, all else by a libuv loop whose descriptor the poller watches too (libuv's guide calls
 * this embedding; see uv_backend_fd). It knows nothing of connections or streams: owners of sockets embed a
 * poller_watch, owners of due times a loop_timer. Only the loop's own thread uses it, except loop_call. */
#ifndef ENGINE_LOOP_H
#define ENGINE_LOOP_H

#include "clock.h"
#include "names.h"
#include "pacer.h"
#include "poller.h"
#include "stats.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct err;
struct loop;
struct loop_timer;
struct plan;
struct request_log_ring;

enum {
    LOOP_BUFFER_BYTES = 64 * 1024,
    LOOP_TICK_MS = 5, /* resolution of timeouts, and the longest sleep */
};
#define LOOP_SLEEP_MOST_NS                                                                                   \
    ((LOOP_TICK_MS + 2) * UINT64_C(1000000)) /* libuv's timers count whole milliseconds */

typedef void loop_fn(struct loop *l, uint64_t now_ns);
/* Handles what is due by `now_ns`, at most `n_most` requests of it, and sets the next due time. */
typedef void loop_due_fn(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns);

struct loop_timer {
    uint64_t due_ns; /* UINT64_MAX: never. After a change from outside on_due: loop_rearm */
    loop_due_fn *on_due;
    struct loop_timer *after; /* of the same loop */
};

/* Links what was closed during the current turn. Embedded by its owner. */
struct loop_closed {
    struct loop_closed *after;
};

/* Links what has bytes to write at the end of the current callback. Embedded by its owner. */
struct loop_unsent {
    struct loop_unsent *after;
    bool is_listed;
};

struct loop {
    const struct plan *plan; /* borrowed */
    uint64_t t0_ns;          /* start of the run, monotonic */

    struct poller poller;
    struct pacer pacer;
    struct loop_timer *timers;
    struct loop_closed *closed_first, *closed_last; /* in this turn */
    struct loop_unsent *unsent_first, *unsent_last; /* in this callback */

    struct poller_watch uv_watch;
    bool is_uv_due;     /* libuv's descriptor is ready */
    uint64_t uv_ran_ns; /* when libuv's loop last ran */
    uv_loop_t uv;
    uv_timer_t tick;
    uv_async_t call;
    bool has_uv, has_ended;
    pthread_mutex_t call_lock; /* guards is_callable */
    bool is_callable;

    uint64_t edge_ns; /* when the current second of statistics ends */
    loop_fn *on_edge; /* the edge has passed: must move it */
    loop_fn *on_look; /* every tick, and after loop_call */

    struct stats *stats;             /* of the current interval; the worker exchanges it */
    struct names instances, remotes; /* seen by this thread */
    struct request_log_ring *log;    /* borrowed; NULL: requests are not logged */
    int64_t realtime_offset_ns;      /* CLOCK_REALTIME - CLOCK_MONOTONIC */
    uint64_t slowest_floor_ns;       /* only slower requests can be among the slowest of the interval */
    uint64_t n_until_sample;         /* systematic sample: counts down */

    const char *stop_cause; /* why the run must end, a constant string; NULL: it need not */

    bool is_awake; /* since wake_ns; false while waiting in the kernel */
    uint64_t wake_ns;
    uint64_t poll_ns;               /* when it last began to wait in the kernel */
    uint32_t n_due_sends;           /* scheduled sends since it woke */
    char buffer[LOOP_BUFFER_BYTES]; /* filled by a read, consumed before the callback returns */
};

struct loop_params {
    const struct plan *plan;
    uint64_t spin_ns; /* see pacer.h */
    loop_fn *on_edge, *on_look;
};

/* Makes everything but the statistics. On -1, with an error, loop_fini must still be called. */
int loop_init(struct loop *l, const struct loop_params *params, struct err *e);
/* All timers must be gone or unused from now on. */
void loop_fini(struct loop *l);
/* Stops ticks and calls; turns go on until libuv has nothing left to do. */
void loop_end(struct loop *l);
/* From any thread: on_look runs soon on the loop's own; does nothing after loop_end. */
void loop_call(struct loop *l);

/* Adds a timer; it is borrowed until loop_fini. Timers run in the order in which they were added. */
void loop_add_timer(struct loop *l, struct loop_timer *timer);
/* Arms the pacer for the earliest timer. */
void loop_rearm(struct loop *l);
/* Runs the timers that are due; each handles `n_most` requests at most. */
void loop_run_due(struct loop *l, uint32_t n_most, uint64_t now_ns);

/* How long a turn may wait, from `poll_ns` on, when libuv's timers are due at `due_ns`. They count
 * milliseconds: they can wait for a request that is due within one. */
uint64_t loop_wait_until_ns(const struct loop *l, uint64_t due_ns);
/* Waits for what comes next and handles it. The caller then deals with loop_take_closed. */
void loop_turn(struct loop *l);
/* Runs libuv's part without waiting: ticks, calls from other threads. */
void loop_run_uv(struct loop *l);
/* False: nothing is left to wait for. */
bool loop_is_alive(const struct loop *l);
/* Appends to the list of what was closed in this turn. */
void loop_note_closed(struct loop *l, struct loop_closed *closed);
/* Appends to the list of what has bytes to write, unless it is there already. */
void loop_note_unsent(struct loop *l, struct loop_unsent *unsent);
/* Removes the first one from that list; NULL: it is empty. */
struct loop_unsent *loop_take_unsent(struct loop *l);

/* The loop slept longer than its ticks allow: the thread was kept from running. Counts as time during which
 * it did not look at its sockets. */
void loop_note_oversleep(struct loop *l, uint64_t slept_ns);

/* The whole run must end soon, for that cause, a constant string; the first one counts. */
static inline void loop_stop_run(struct loop *l, const char *cause)
{
    l->stop_cause = l->stop_cause ? l->stop_cause : cause;
}

/* The list of what was closed in this turn, which then starts anew. */
static inline struct loop_closed *loop_take_closed(struct loop *l)
{
    struct loop_closed *first = l->closed_first;
    l->closed_first = l->closed_last = NULL;
    return first;
}

static inline void loop_wake(struct loop *l, uint64_t now_ns)
{
    l->is_awake = true;
    l->wake_ns = now_ns;
    l->stats->health.n_wakeups++;
}

/* Before anything is counted at `now_ns`. */
static inline void loop_check_edge(struct loop *l, uint64_t now_ns)
{
    if (__builtin_expect(now_ns >= l->edge_ns, 0))
        l->on_edge(l, now_ns);
}

/* Returns the time. Every callback of the loop begins with this: it also notes when the thread woke. */
static inline uint64_t loop_now(struct loop *l)
{
    const uint64_t now_ns = clock_monotonic_ns();
    if (!l->is_awake) {
        loop_wake(l, now_ns);
        if (__builtin_expect(now_ns > l->poll_ns + LOOP_SLEEP_MOST_NS, 0))
            loop_note_oversleep(l, now_ns - l->poll_ns);
    }
    loop_check_edge(l, now_ns);
    return now_ns;
}

#endif
