#include "pacer.h"

#include "units.h"

#include <stddef.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Both measured on a virtual machine, where setting the hardware timer exits to the hypervisor: from 60 us
 * on, a second system call per request costs less than a timer set and cancelled at every response; being
 * woken by a timer takes 10 to 15 us. */
#define FAR_NS       (60 * NS_PER_US)
#define VERY_NEAR_NS (10 * NS_PER_US)

static void on_expiry(struct poller_watch *watch, uint32_t events)
{
    (void)events;
    struct pacer *p = (struct pacer *)(void *)((char *)watch - offsetof(struct pacer, watch));
    p->timer_ns = 0;
}

int pacer_init(struct pacer *p, struct poller *poller, uint64_t spin_ns)
{
    *p = (struct pacer){
        .watch.on_events = on_expiry, .poller = poller, .armed_ns = PACER_NEVER, .spin_ns = spin_ns
    };
    p->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    /* Edge-triggered: an expiry is reported once and need not be read. */
    return p->timer_fd < 0 ? -1 : poller_add(poller, p->timer_fd, &p->watch, POLLER_READABLE | POLLER_EDGES);
}

void pacer_fini(struct pacer *p)
{
    if (p->timer_fd >= 0)
        close(p->timer_fd);
    p->timer_fd = -1;
}

struct pacer_wait pacer_plan(const struct pacer *p, uint64_t now_ns, uint64_t until_ns)
{
    const uint64_t early_ns = p->spin_ns > VERY_NEAR_NS ? p->spin_ns : VERY_NEAR_NS;
    if (until_ns <= now_ns || p->armed_ns <= now_ns + early_ns)
        return (struct pacer_wait){ .most_ns = 0 };
    if (p->armed_ns - p->spin_ns < until_ns)
        until_ns = p->armed_ns - p->spin_ns;
    if (p->timer_ns > now_ns && p->timer_ns <= until_ns)
        return (struct pacer_wait){ .most_ns = POLLER_FOREVER };
    const uint64_t left_ns = until_ns - now_ns;
    if (left_ns < FAR_NS && p->poller->counts_ns)
        return (struct pacer_wait){ .most_ns = left_ns };
    return (struct pacer_wait){ .timer_after_ns = left_ns, .most_ns = POLLER_FOREVER };
}

static void arm_timer(struct pacer *p, uint64_t now_ns, uint64_t after_ns)
{
    const struct itimerspec when = { .it_value = { .tv_sec = (time_t)(after_ns / NS_PER_S),
                                                   .tv_nsec = (long)(after_ns % NS_PER_S) } };
    p->timer_ns = now_ns + after_ns;
    timerfd_settime(p->timer_fd, 0, &when, NULL);
}

int pacer_wait(struct pacer *p, const struct pacer_wait *wait, uint64_t now_ns)
{
    if (wait->timer_after_ns > 0)
        arm_timer(p, now_ns, wait->timer_after_ns);
    return poller_wait(p->poller, wait->most_ns);
}

const char *pacer_kind(const struct pacer *p)
{
    static const char *const kinds[2][2] = { { "timerfd", "timerfd+spin" },
                                             { "epoll_pwait2", "epoll_pwait2+spin" } };
    return kinds[p->poller->counts_ns][p->spin_ns > 0];
}
