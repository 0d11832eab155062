/* One thread of the generator: an event loop, its shards of the streams, and the second's edge, at which it
 * exchanges its statistics for empty ones. While it runs, threads share nothing but mailboxes, barriers,
 * phase times and the address set. */
#ifndef ENGINE_WORKER_H
#define ENGINE_WORKER_H

#include "loop.h"
#include "mailbox.h"
#include "shard.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct barrier;
struct endpoints;
struct err;
struct phase_clock;
struct plan;

struct worker {
    struct shard *shards;
    uint32_t n_shards;
    struct users_here users; /* all zero in a plan without sessions */
    struct route *routes;    /* one for each endpoint */
    uint32_t n_routes;
    uint32_t index;
    int pin_cpu;     /* -1: not pinned */
    int finished_fd; /* eventfd, written when the thread is done */
    pthread_t thread;
    bool has_thread;
    uint64_t began_ns;                /* when its streams began; 0: not yet */
    _Atomic int stop;                 /* 1: end now, what is in flight is censored */
    _Atomic(const char *) stop_cause; /* why it wants the run to end; NULL: it does not */
    struct mailbox mailbox;
    uint64_t cpu_user_ns, cpu_sys_ns, n_switches; /* at the last edge */
    struct loop loop;                             /* last: it ends with a large buffer */
};

struct worker_params {
    const struct plan *plan;
    struct phase_clock *phases;  /* [plan->n_phases], shared */
    struct endpoints *endpoints; /* shared */
    struct barrier *barriers;    /* [plan->n_streams], shared */
    uint32_t index;
    uint64_t spin_ns;
    int pin_cpu;
    int finished_fd;
};

/* Makes everything the thread needs; sends nothing. On -1 worker_fini must still be called. */
int worker_init(struct worker *w, const struct worker_params *params, struct err *e);
/* Starts the thread; its streams begin at t0 (monotonic). */
int worker_start(struct worker *w, uint64_t t0_ns, struct err *e);
/* Waits for the thread's end. Its last statistics, marked is_last, must have been taken before. */
void worker_join(struct worker *w);
void worker_fini(struct worker *w);

/* Hands over the statistics, as the second's edge has passed. */
void worker_rotate(struct worker *w, uint64_t now_ns);
/* A turn of the loop, and the end of the connections that were closed during it. */
void worker_turn(struct worker *w);
/* Turns until nothing is left to wait for. */
void worker_run_loop(struct worker *w);

#endif
