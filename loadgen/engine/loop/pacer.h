/* The pacer waits until a thread's next request is due, to the microsecond, and for as little as that costs:
 *
 *   far away     a timerfd is armed, once: the answers that come in between neither cancel nor set a timer
 *   near         the wait itself ends in time: no call but the wait, and most often an answer ends it sooner
 *   very near    it only looks: falling asleep and being woken takes longer, so that would be late
 *
 * What is due is not the pacer's to send: the loop does, when it comes back. With `spin_ns` it is very near
 * from so long before the time. Kernels before 5.11 have no timeout in nanoseconds: there the timerfd does
 * for what is near as well, and pacer_kind says so. */
#ifndef ENGINE_PACER_H
#define ENGINE_PACER_H

#include "poller.h"

#include <stdbool.h>
#include <stdint.h>

#define PACER_NEVER UINT64_MAX

struct pacer {
    struct poller_watch watch;
    struct poller *poller; /* borrowed */
    uint64_t armed_ns;     /* PACER_NEVER: not armed */
    uint64_t timer_ns;     /* when the timerfd fires; 0: it is not armed */
    uint64_t spin_ns;
    int timer_fd; /* -1: none */
};

/* How to wait. */
struct pacer_wait {
    uint64_t timer_after_ns; /* the timerfd is armed first, to fire after so long; 0: it stays as it is */
    uint64_t most_ns;        /* 0: only a look; POLLER_FOREVER: until the timerfd fires */
};

/* 0, or -1 with errno; pacer_fini accepts it then, and a zeroed one with timer_fd -1. */
int pacer_init(struct pacer *p, struct poller *poller, uint64_t spin_ns);
void pacer_fini(struct pacer *p);

/* The next request is due at `at_ns` (monotonic), which may have passed; PACER_NEVER: none is. */
static inline void pacer_arm(struct pacer *p, uint64_t at_ns)
{
    p->armed_ns = at_ns;
}

/* How to wait from `now_ns` until the armed time, and no longer than `until_ns`. */
struct pacer_wait pacer_plan(const struct pacer *p, uint64_t now_ns, uint64_t until_ns);
/* Waits so from `now_ns` on, and has the poller call back for what comes meanwhile. May return early. Returns
 * how many calls that were. */
int pacer_wait(struct pacer *p, const struct pacer_wait *wait, uint64_t now_ns);
/* "epoll_pwait2" or "timerfd", and "+spin" behind it with `spin_ns`. */
const char *pacer_kind(const struct pacer *p);

#endif
