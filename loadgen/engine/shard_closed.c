/* The closed model. Each connection is one user, or over HTTP/2 as many as it may have streams: a user sends,
 * waits for the response, thinks, sends again. A phase ends when the stream's requests are done on all
 * threads (see barrier.h) or its time is over; then the next one begins. */
#include "barrier.h"
#include "mux.h"
#include "phase_clock.h"
#include "plan.h"
#include "shard.h"

static void enter_phase(struct shard *s, uint64_t start_ns, uint64_t now_ns);

static struct phase_clock *clock_of(const struct shard *s, uint32_t phase)
{
    return &s->clocks[phase];
}

/* Begins the next phase for all threads at `start_ns`; waiting threads notice when they are woken. A stream
 * that is over stays in its last phase: its idle connections may still receive bytes. */
static void begin_next(struct shard *s, uint64_t start_ns, uint64_t now_ns)
{
    atomic_store_explicit(&clock_of(s, s->phase)->end_ns, start_ns, memory_order_relaxed);
    if (s->phase + 1 == s->stream->n_phases) {
        s->state = SHARD_OVER;
        s->timer.due_ns = UINT64_MAX;
        return;
    }
    s->phase++;
    atomic_store_explicit(&clock_of(s, s->phase)->start_ns, start_ns, memory_order_release);
    enter_phase(s, start_ns, now_ns);
}

/* This thread's part of the phase is over when nothing is left to send and nothing is in flight. */
static void check_end(struct shard *s, uint64_t now_ns)
{
    if (s->state == SHARD_RUNNING && (s->n_left == 0 || now_ns >= s->phase_end_ns)) {
        s->state = SHARD_DRAINING;
        s->timer.due_ns = UINT64_MAX;
    }
    if (s->state != SHARD_DRAINING || s->n_busy > 0)
        return;
    s->state = SHARD_WAITING;
    if (!barrier_arrive(s->barrier))
        return;
    if (s->barrier->is_gated) {
        barrier_note_done(s->barrier, s->phase, now_ns);
    } else {
        begin_next(s, now_ns, now_ns);
        s->barrier->on_passed(s->barrier->payload);
    }
}

static void park(struct shard *s, struct conn *c, uint64_t now_ns)
{
    conn_list_remove(c);
    conn_list_append(c->state == CONN_READY ? &s->idle : &s->closed, c, now_ns);
}

/* The user of `c` takes up the next request, or parks until the next phase. */
static void take_up(struct shard *s, struct conn *c, uint64_t now_ns)
{
    if (s->state != SHARD_RUNNING || s->n_left == 0 || now_ns >= s->phase_end_ns) {
        if (c->n_flights == 0)
            park(s, c, now_ns);
        check_end(s, now_ns);
        return;
    }
    if (s->n_left != UINT64_MAX)
        s->n_left--;
    const uint64_t seq = s->own.number;
    division_walk_next(&s->own);
    const struct flight f = {
        .seq = seq, .request = shard_request(s, seq), .dispatched_ns = now_ns, .phase = s->phase
    };
    shard_submit(s, c, &f, now_ns);
}

static bool has_free_user(const struct shard *s, struct conn *c)
{
    return __builtin_expect(c->mux != NULL, 0) ? mux_may_take(c) : c->n_flights < s->stream->in_flight_most;
}

static void fill_pipeline(struct shard *s, struct conn *c, uint64_t now_ns)
{
    do
        take_up(s, c, now_ns);
    while (c->n_flights > 0 && has_free_user(s, c) && s->state == SHARD_RUNNING && s->n_left > 0 &&
           now_ns < s->phase_end_ns);
}

/* Without requests of its own, all users of a connection are free, but for those on its elders. */
static bool may_take_up(const struct shard *s, struct conn *c)
{
    return (c->n_flights == 0 && !(c->mux && mux_has_elder(c))) || has_free_user(s, c);
}

/* The free users of `c` take up requests, on its heirs where it has carried enough. */
static void fill(struct shard *s, struct conn *c, uint64_t now_ns)
{
    fill_pipeline(s, c, now_ns);
    struct conn *heir = c->mux ? mux_follow(c, now_ns) : c;
    if (heir != c && may_take_up(s, heir))
        fill(s, heir, now_ns);
}

/* The phase may end during the loop: when this thread has no part in it and all others are done. Then the
 * next phase has already begun for all users. */
static void begin_users(struct shard *s, uint64_t now_ns)
{
    const uint32_t phase = s->phase, n_conns = s->n_conns;
    mux_stop_thinking(s);
    for (uint32_t i = 0; i < n_conns && s->state == SHARD_RUNNING && s->phase == phase; i++) {
        struct conn *c = shard_conn(s, i);
        if (c->list == &s->thinking) /* phases begin without thinking */
            conn_list_remove(c);
        if (c->mux && mux_has_left(c))
            mux_retire(c, now_ns);
        else if ((c->state == CONN_READY || c->state == CONN_CLOSED) && may_take_up(s, c)) /* see `fill` */
            fill(s, c, now_ns);
    }
    check_end(s, now_ns);
}

static void enter_phase(struct shard *s, uint64_t start_ns, uint64_t now_ns)
{
    const struct plan_phase *p = &s->stream->phases[s->phase];
    s->phase_end_ns =
        p->duration_ns > 0 || p->kind == PLAN_PHASE_PAUSE ? start_ns + p->duration_ns : UINT64_MAX;
    s->timer.due_ns = s->phase_end_ns;
    if (p->kind == PLAN_PHASE_DURATION)
        atomic_store_explicit(&clock_of(s, s->phase)->measured_until_ns, s->phase_end_ns,
                              memory_order_relaxed);
    if (p->kind == PLAN_PHASE_PAUSE) {
        s->state = SHARD_WAITING;
        return;
    }
    s->n_left = UINT64_MAX;
    if (p->kind == PLAN_PHASE_REQUESTS)
        s->n_left = division_n_from(&s->division, plan_first_number(s->stream, s->phase), p->n_requests);
    s->state = SHARD_RUNNING;
    begin_users(s, now_ns);
}

static void on_start(struct shard *s, uint64_t now_ns)
{
    atomic_store_explicit(&clock_of(s, 0)->start_ns, s->loop->t0_ns, memory_order_release);
    enter_phase(s, s->loop->t0_ns, now_ns);
}

static bool is_pausing(const struct shard *s)
{
    return s->state == SHARD_WAITING && s->stream->phases[s->phase].kind == PLAN_PHASE_PAUSE;
}

/* Threads that are done with a phase wait for the last one; if gated, for the order, which may be early. */
static void check_barrier(struct shard *s, uint64_t now_ns)
{
    if (s->state != SHARD_WAITING || is_pausing(s))
        return;
    if (s->phase + 1 >= s->stream->n_phases) {
        if (atomic_load_explicit(&clock_of(s, s->phase)->end_ns, memory_order_acquire) != 0)
            s->state = SHARD_OVER;
        return;
    }
    const uint64_t start_ns =
        atomic_load_explicit(&clock_of(s, s->phase + 1)->start_ns, memory_order_acquire);
    if (start_ns > now_ns) {
        s->timer.due_ns = start_ns;
        loop_rearm(s->loop);
    } else if (start_ns != 0) {
        s->phase++;
        enter_phase(s, start_ns, now_ns);
    }
}

static uint64_t next_thinker_ns(const struct shard *s)
{
    const uint64_t since_ns = s->muxes            ? mux_thinking_since_ns(s)
                              : s->thinking.first ? s->thinking.first->since_ns
                                                  : UINT64_MAX;
    return since_ns == UINT64_MAX ? UINT64_MAX : since_ns + s->stream->think_ns;
}

static void end_thinking(struct shard *s, uint64_t now_ns)
{
    struct conn *c = s->muxes ? mux_end_thinking(s) : s->thinking.first;
    if (s->muxes)
        c = mux_follow(c, now_ns);
    else
        conn_list_remove(c);
    fill_pipeline(s, c, now_ns);
}

static void on_due(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns)
{
    struct shard *s = shard_of(timer);
    if (is_pausing(s) && now_ns >= s->phase_end_ns) {
        /* A pause ends by the clock, at the same instant on all threads, so it needs no barrier. */
        begin_next(s, s->phase_end_ns, now_ns);
        return;
    }
    if (s->state == SHARD_WAITING) {
        check_barrier(s, now_ns);
        return;
    }
    for (uint32_t n = 0; n < n_most && now_ns >= next_thinker_ns(s); n++)
        end_thinking(s, now_ns);
    check_end(s, now_ns);
    if (s->state == SHARD_RUNNING) {
        const uint64_t thinker_ns = next_thinker_ns(s);
        s->timer.due_ns = thinker_ns < s->phase_end_ns ? thinker_ns : s->phase_end_ns;
    }
}

static void on_free(struct shard *s, struct conn *c, uint64_t now_ns)
{
    if (__builtin_expect(c->mux != NULL, 0))
        c = mux_follow(c, now_ns);
    if (s->stream->think_ns == 0 || s->state != SHARD_RUNNING) {
        if (may_take_up(s, c))
            fill(s, c, now_ns);
        return;
    }
    if (c->mux) {
        mux_begin_thinking(c, now_ns);
    } else {
        if (c->list == &s->thinking || c->n_flights > 0)
            return;
        conn_list_remove(c);
        conn_list_append(&s->thinking, c, now_ns);
    }
    if (next_thinker_ns(s) < s->timer.due_ns) {
        s->timer.due_ns = next_thinker_ns(s);
        loop_rearm(s->loop);
    }
}

static void check(struct shard *s, uint64_t now_ns)
{
    check_barrier(s, now_ns);
    if (s->state == SHARD_RUNNING || s->state == SHARD_DRAINING)
        check_end(s, now_ns);
}

/* What no user has taken up is not a request yet. */
static void stop(struct shard *s, uint64_t now_ns)
{
    (void)now_ns;
    s->n_left = 0;
}

const struct shard_model shard_closed = { .start = on_start,
                                          .on_due = on_due,
                                          .on_free = on_free,
                                          .on_connect_failed = conn_fail,
                                          .check = check,
                                          .stop = stop };
