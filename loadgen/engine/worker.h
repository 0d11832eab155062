/* One thread of the generator: a loop, its shards of the streams, the stats that it writes, and the second's
 * edge at which stats change hands. Nothing is shared with other threads while it runs but mailboxes, phase
 * times and the address set. */
#ifndef ENGINE_WORKER_H
#define ENGINE_WORKER_H

#include "clock.h"
#include "mailbox.h"
#include "names.h"
#include "pacer.h"
#include "poller.h"
#include "shard.h"
#include "stats.h"
#include "transport.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct addresses;
struct err;
struct barrier;
struct phase_clock;
struct plan;
struct request_log_ring;

enum {
    WORKER_BUFFER_BYTES = 64 * 1024,
    WORKER_TICK_MS = 5, /* deadlines are kept this exactly, and the loop never sleeps longer */
};
#define WORKER_SLEEP_MOST_NS                                                                                 \
    ((WORKER_TICK_MS + 2) * UINT64_C(1000000)) /* the loop's timers count whole milliseconds */

struct worker {
    const struct plan *plan;
    struct phase_clock *phases;  /* [plan->n_phases], shared */
    struct addresses *addresses; /* shared */
    uint32_t index;
    uint64_t t0_ns;
    uint64_t spin_ns;
    int pin_cpu;                      /* -1: not pinned */
    int finished_fd;                  /* eventfd, told when the thread is done */
    struct worker *const *colleagues; /* [plan->n_threads], self included */

    pthread_t thread;
    struct poller poller; /* sockets; all else is the loop's, which it watches too */
    struct poller_watch loop_watch;
    bool is_loop_due;                        /* a descriptor of the loop's own is ready */
    uint64_t turned_ns;                      /* when the loop last turned */
    struct conn *closed_first, *closed_last; /* in this turn */
    uv_loop_t loop;
    uv_timer_t tick;
    uv_async_t call; /* another thread wants a look: stop, barriers, addresses */
    struct pacer pacer;
    struct transport transport;
    struct shard *shards;
    uint32_t n_shards;
    _Atomic int stop; /* 1: end now, what is open is censored */
    bool is_over, has_loop, has_thread;
    pthread_mutex_t call_lock; /* guards is_callable */
    bool is_callable;          /* the loop still takes calls */

    struct mailbox mailbox;
    struct stats *stats; /* in use */
    uint64_t edge_ns;    /* when the stats changes hands */
    struct names instances, remotes;
    bool records_remotes;         /* more than one address */
    struct request_log_ring *log; /* borrowed; NULL: requests are not logged */
    int64_t realtime_offset_ns;   /* CLOCK_REALTIME - CLOCK_MONOTONIC */
    uint64_t
        slowest_floor_ns;    /* headline that a request must exceed to be among the slowest of the interval */
    uint64_t n_until_sample; /* systematic sample: counts down */

    bool is_awake; /* since wake_ns; false while in the kernel's poll */
    uint64_t wake_ns;
    uint64_t poll_ns;                             /* when it last began to wait in the kernel's poll */
    uint32_t n_due_sends;                         /* scheduled sends since it woke */
    uint64_t cpu_user_ns, cpu_sys_ns, n_switches; /* at the last edge */
    char buffer[WORKER_BUFFER_BYTES];             /* what a read fills; used up before the callback returns */
};

struct worker_params {
    const struct plan *plan;
    struct phase_clock *phases;
    struct addresses *addresses;
    struct barrier *barriers; /* [plan->n_streams] */
    struct worker *const *colleagues;
    uint32_t index;
    uint64_t spin_ns;
    int pin_cpu;
    int finished_fd;
};

/* Makes everything the thread needs; sends nothing. On -1 worker_fini must still be called. */
int worker_init(struct worker *w, const struct worker_params *params, struct err *e);
/* Starts the thread; its streams begin at t0 (monotonic). */
int worker_start(struct worker *w, uint64_t t0_ns, struct err *e);
/* From any thread: have a look at `stop`, barriers and addresses. */
void worker_call(struct worker *w);
/* From a worker's own thread: calls the others. */
void worker_call_others(struct worker *w);
/* Waits for the thread's end. Its last stats, marked is_last, must have been taken before. */
void worker_join(struct worker *w);
void worker_fini(struct worker *w);

/* Hands over the stats if the second's edge has passed. Called before anything is counted. */
void worker_rotate(struct worker *w, uint64_t now_ns);
/* The earliest time that any shard wants; arms the pacer for it. */
void worker_rearm(struct worker *w);
/* worker_loop.c. Makes the poller, which watches the loop; 0 or a libuv error. */
int worker_init_poller(struct worker *w);
/* Waits for what comes next, and does what is due. */
void worker_turn(struct worker *w);
/* Turns until nothing is left to wait for. */
void worker_run_loop(struct worker *w);
/* The connection was closed; when this turn of the loop is over, its shard is told. */
void worker_note_closed(struct worker *w, struct conn *c);
/* Calls the shards whose time has come; each takes up `n_most` requests at most. */
void worker_run_due(struct worker *w, uint32_t n_most, uint64_t now_ns);

/* The thread slept longer in the kernel's poll than its own ticks allow: it was kept from running. Counts as
 * time in which it did not look at its sockets. */
void worker_note_oversleep(struct worker *w, uint64_t slept_ns);

static inline void worker_wake(struct worker *w, uint64_t now_ns)
{
    w->is_awake = true;
    w->wake_ns = now_ns;
    w->stats->health.n_wakeups++;
}

/* Every callback of the loop begins with this: notes when the thread woke, and returns the time. */
static inline uint64_t worker_now(struct worker *w)
{
    const uint64_t now_ns = clock_monotonic_ns();
    if (!w->is_awake) {
        worker_wake(w, now_ns);
        if (__builtin_expect(now_ns > w->poll_ns + WORKER_SLEEP_MOST_NS, 0))
            worker_note_oversleep(w, now_ns - w->poll_ns);
    }
    if (__builtin_expect(now_ns >= w->edge_ns, 0))
        worker_rotate(w, now_ns);
    return now_ns;
}

#endif
