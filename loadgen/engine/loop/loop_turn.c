/* A turn of the loop. Responses and due requests take turns, so that neither holds up the other however many
 * there are: each response read lets one due request go, and a few more go once all responses are read. When
 * more is due than the thread can send, it never has more in flight than it can read: requests wait to be
 * sent, and responses hardly at all. */
#include "loop.h"

#include "units.h"

enum { DUE_MOST = 16 }; /* requests of a timer between two looks at the sockets; 30 us on a busy core */

void loop_note_oversleep(struct loop *l, uint64_t slept_ns)
{
    const uint64_t kept_ns = slept_ns - LOOP_TICK_MS * NS_PER_MS;
    l->stats->health.overslept_ns += kept_ns;
    if (kept_ns > l->stats->health.iteration_max_ns)
        l->stats->health.iteration_max_ns = kept_ns;
}

void loop_note_closed(struct loop *l, struct loop_closed *closed)
{
    closed->after = NULL;
    if (l->closed_first)
        l->closed_last->after = closed;
    else
        l->closed_first = closed;
    l->closed_last = closed;
}

void loop_note_unsent(struct loop *l, struct loop_unsent *unsent)
{
    if (unsent->is_listed)
        return;
    *unsent = (struct loop_unsent){ .is_listed = true };
    if (l->unsent_first)
        l->unsent_last->after = unsent;
    else
        l->unsent_first = unsent;
    l->unsent_last = unsent;
}

struct loop_unsent *loop_take_unsent(struct loop *l)
{
    struct loop_unsent *unsent = l->unsent_first;
    if (unsent) {
        l->unsent_first = unsent->after;
        unsent->is_listed = false;
    }
    return unsent;
}

void loop_add_timer(struct loop *l, struct loop_timer *timer)
{
    struct loop_timer **last = &l->timers;
    while (*last)
        last = &(*last)->after;
    timer->after = NULL;
    *last = timer;
}

void loop_rearm(struct loop *l)
{
    uint64_t next_ns = UINT64_MAX;
    for (const struct loop_timer *t = l->timers; t; t = t->after)
        if (t->due_ns < next_ns)
            next_ns = t->due_ns;
    pacer_arm(&l->pacer, next_ns);
}

void loop_run_due(struct loop *l, uint32_t n_most, uint64_t now_ns)
{
    for (struct loop_timer *t = l->timers; t; t = t->after)
        if (t->due_ns <= now_ns)
            t->on_due(t, n_most, now_ns);
    loop_rearm(l);
}

static void end_wakeup(struct loop *l)
{
    struct stats_health *h = &l->stats->health;
    const uint64_t busy_ns = l->poll_ns - l->wake_ns;
    l->is_awake = false;
    h->busy_ns += busy_ns;
    if (busy_ns > h->iteration_max_ns)
        h->iteration_max_ns = busy_ns;
    if (l->n_due_sends > 0)
        hist_add(h->sends_per_wakeup, l->n_due_sends);
    l->n_due_sends = 0;
}

/* Called before blocking or polling. While a request is due, polling counts as busy time. */
static void begin_wait(struct loop *l)
{
    l->poll_ns = clock_monotonic_ns();
    if (l->is_awake)
        end_wakeup(l);
    if (l->pacer.armed_ns <= l->poll_ns)
        loop_wake(l, l->poll_ns);
}

void loop_run_uv(struct loop *l)
{
    l->is_uv_due = false;
    uv_run(&l->uv, UV_RUN_NOWAIT);
    l->uv_ran_ns = clock_monotonic_ns();
}

/* When libuv's timers want to run; they count whole milliseconds since they last did. */
static uint64_t uv_due_ns(const struct loop *l)
{
    const int timeout_ms = uv_backend_timeout(&l->uv);
    return timeout_ms < 0 ? UINT64_MAX : l->uv_ran_ns + (uint64_t)timeout_ms * NS_PER_MS;
}

uint64_t loop_wait_until_ns(const struct loop *l, uint64_t due_ns)
{
    if (l->closed_first || due_ns <= l->poll_ns)
        return l->poll_ns;
    if (l->pacer.armed_ns > due_ns && l->pacer.armed_ns - due_ns < NS_PER_MS)
        due_ns = l->pacer.armed_ns;
    return due_ns - l->poll_ns > LOOP_SLEEP_MOST_NS ? l->poll_ns + LOOP_TICK_MS * NS_PER_MS : due_ns;
}

void loop_turn(struct loop *l)
{
    const uint64_t due_ns = uv_due_ns(l);
    begin_wait(l);
    const struct pacer_wait wait = pacer_plan(&l->pacer, l->poll_ns, loop_wait_until_ns(l, due_ns));
    const int n = pacer_wait(&l->pacer, &wait, l->poll_ns);
    /* A callback has read the clock already. */
    const uint64_t now_ns = n > 0 && l->is_awake ? l->wake_ns : clock_monotonic_ns();
    if (l->is_awake && wait.most_ns == 0)
        l->wake_ns = l->poll_ns; /* there was no need to wait */
    if (now_ns >= l->pacer.armed_ns && n < POLLER_CALLS_MOST)
        loop_run_due(l, DUE_MOST, loop_now(l));
    if (l->is_uv_due || now_ns >= due_ns)
        loop_run_uv(l);
}

bool loop_is_alive(const struct loop *l)
{
    return uv_loop_alive(&l->uv) || l->closed_first;
}
