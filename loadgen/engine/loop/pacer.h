/* Waits until a thread's next request is due, to the microsecond, as cheaply as the distance allows:
 *
 *   far away     arms a timerfd, once: responses in between neither cancel nor set a timer
 *   near         gives the wait itself a timeout: no further call, and most often a response ends it sooner
 *   very near    only looks: sleeping and being woken would take longer
 *
 * The loop sends what is due when the wait returns. With `spin_ns`, very near begins that long before the due
 * time. Kernels before 5.11 have no timeouts in nanoseconds: there the timerfd serves near times as well, as
 * pacer_kind reports. */
#ifndef ENGINE_PACER_H
#define ENGINE_PACER_H

#include "poller.h"

#include <stdint.h>

#define PACER_NEVER UINT64_MAX

struct pacer {
    struct poller_watch watch;
    struct poller *poller; /* borrowed */
    uint64_t armed_ns;     /* PACER_NEVER: not armed */
    uint64_t timer_ns;     /* when the timerfd fires; 0: not armed */
    uint64_t spin_ns;
    int timer_fd; /* -1: none */
};

/* How to wait. */
struct pacer_wait {
    uint64_t timer_after_ns; /* first arm the timerfd to fire after so long; 0: leave it */
    uint64_t most_ns;        /* 0: only look; POLLER_FOREVER: until the timerfd fires */
};

/* 0, or -1 with errno; pacer_fini accepts a pacer after failure, and a zeroed one with timer_fd -1. */
int pacer_init(struct pacer *p, struct poller *poller, uint64_t spin_ns);
void pacer_fini(struct pacer *p);

/* The next request is due at `at_ns` (monotonic), possibly in the past; PACER_NEVER: none is. */
static inline void pacer_arm(struct pacer *p, uint64_t at_ns)
{
    p->armed_ns = at_ns;
}

/* How to wait from `now_ns` until the armed time, but not beyond `until_ns`. */
struct pacer_wait pacer_plan(const struct pacer *p, uint64_t now_ns, uint64_t until_ns);
/* Waits as planned from `now_ns` on, while the poller calls back. May return early. Returns the number of
 * calls back. */
int pacer_wait(struct pacer *p, const struct pacer_wait *wait, uint64_t now_ns);
/* "epoll_pwait2" or "timerfd", with "+spin" appended if `spin_ns` is set. */
const char *pacer_kind(const struct pacer *p);

#endif
