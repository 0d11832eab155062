#include "pacer.h"

#include "clock.h"
#include "units.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

static void on_expiry(struct poller_watch *watch, uint32_t events)
{
    (void)events;
    struct pacer *p = (struct pacer *)(void *)((char *)watch - offsetof(struct pacer, watch));
    p->on_due(p);
}

static void on_timer(uv_timer_t *timer)
{
    struct pacer *p = timer->data;
    p->armed_ns = PACER_NEVER; /* it fires once; the same time may be armed again */
    p->on_due(p);
}

static void on_idle(uv_idle_t *idle)
{
    struct pacer *p = idle->data;
    if (clock_monotonic_ns() >= p->armed_ns)
        p->on_due(p);
}

int pacer_init(struct pacer *p, uv_loop_t *loop, struct poller *poller, uint64_t spin_ns, pacer_fn *on_due,
               void *data)
{
    memset(p, 0, sizeof *p);
    p->on_due = on_due;
    p->data = data;
    p->spin_ns = spin_ns;
    p->armed_ns = PACER_NEVER;
    p->watch.on_events = on_expiry;
    p->timer.data = p->idle.data = p;
    int status = uv_timer_init(loop, &p->timer);
    if (status == 0)
        status = uv_idle_init(loop, &p->idle);
    if (status)
        return status;
    p->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (p->fd < 0)
        return 0;
    /* By level: an expiry that stands, because spinning began early, keeps the loop turning. */
    if (poller_add(poller, p->fd, &p->watch, POLLER_READABLE)) {
        status = uv_translate_sys_error(errno);
        close(p->fd);
        p->fd = -1;
    }
    return status;
}

static void arm_timerfd(struct pacer *p, uint64_t at_ns)
{
    /* Setting the time also clears an expiry that was not read, so that no read() is needed. All zero
     * disarms. */
    struct itimerspec when = { { 0, 0 }, { 0, 0 } };
    if (at_ns != PACER_NEVER) {
        when.it_value.tv_sec = (time_t)(at_ns / NS_PER_S);
        when.it_value.tv_nsec = (long)(at_ns % NS_PER_S);
        if (at_ns == 0)
            when.it_value.tv_nsec = 1;
    }
    timerfd_settime(p->fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void arm_timer(struct pacer *p, uint64_t at_ns)
{
    const uint64_t now_ns = clock_monotonic_ns();
    uv_update_time(p->timer.loop);
    if (at_ns == PACER_NEVER)
        uv_timer_stop(&p->timer);
    else
        uv_timer_start(&p->timer, on_timer, at_ns > now_ns ? (at_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS : 1,
                       0);
}

static void spin(struct pacer *p, bool on)
{
    if (on != p->is_spinning && on)
        uv_idle_start(&p->idle, on_idle);
    else if (on != p->is_spinning)
        uv_idle_stop(&p->idle);
    p->is_spinning = on;
}

void pacer_arm(struct pacer *p, uint64_t at_ns)
{
    if (at_ns == p->armed_ns)
        return;
    p->armed_ns = at_ns;
    uint64_t wake_ns = at_ns;
    if (at_ns == PACER_NEVER)
        spin(p, false);
    if (p->spin_ns > 0 && at_ns != PACER_NEVER) {
        const uint64_t now_ns = clock_monotonic_ns();
        spin(p, at_ns <= now_ns + p->spin_ns);
        if (p->is_spinning)
            return;
        wake_ns = at_ns - p->spin_ns;
    }
    if (p->fd >= 0)
        arm_timerfd(p, wake_ns);
    else
        arm_timer(p, wake_ns);
}

void pacer_stop(struct pacer *p)
{
    uv_close((uv_handle_t *)&p->timer, NULL);
    uv_close((uv_handle_t *)&p->idle, NULL);
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

const char *pacer_kind(const struct pacer *p)
{
    if (p->fd < 0)
        return "uv_timer";
    return p->spin_ns > 0 ? "timerfd+spin" : "timerfd";
}
