/* The pacer wakes a thread's loop at an exact time: a timerfd on CLOCK_MONOTONIC, absolute, watched by the
 * poller. With `spin_ns` it wakes that much early and keeps the loop turning until the time has come. Where
 * there is no timerfd it falls back to the loop's own millisecond timer, and pacer_kind says so. */
#ifndef ENGINE_PACER_H
#define ENGINE_PACER_H

#include "poller.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct pacer;
/* Called on the loop when the armed time has come (or, spinning, on every turn shortly before it). It arms
 * the next time itself. */
typedef void pacer_fn(struct pacer *pacer);

#define PACER_NEVER UINT64_MAX

struct pacer {
    struct poller_watch watch;
    uv_timer_t timer; /* fallback */
    uv_idle_t idle;   /* keeps the loop turning while spinning */
    pacer_fn *on_due;
    void *data;        /* the owner's */
    uint64_t armed_ns; /* PACER_NEVER: not armed */
    uint64_t spin_ns;
    int fd; /* -1: fallback */
    bool is_spinning;
};

/* 0, or a libuv error. */
int pacer_init(struct pacer *p, uv_loop_t *loop, struct poller *poller, uint64_t spin_ns, pacer_fn *on_due,
               void *data);
/* Wakes at `at_ns` (monotonic) at the earliest; PACER_NEVER disarms. A time that has passed wakes at once. */
void pacer_arm(struct pacer *p, uint64_t at_ns);
/* Closes its handles; the loop must turn once more before the memory goes. */
void pacer_stop(struct pacer *p);
/* "timerfd", "timerfd+spin" or "uv_timer". */
const char *pacer_kind(const struct pacer *p);

#endif
