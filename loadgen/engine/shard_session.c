/* The closed model of sessions. Each connection is one user. Its passes begin while a phase runs and go on
 * after the phase, unless that ends with the last of its passes. After the last phase no pass begins: users
 * take the steps of `end`, and what is still under way after `finish` is cut. */
#include "barrier.h"
#include "phase_clock.h"
#include "plan.h"
#include "shard.h"
#include "user.h"

static void enter_phase(struct shard *s, uint64_t start_ns, uint64_t now_ns);
static void check_end(struct shard *s, uint64_t now_ns);

static struct phase_clock *clock_of(const struct shard *s, uint32_t phase)
{
    return &s->clocks[phase];
}

/* --- users --- */

static bool may_begin_pass(const struct shard *s, uint64_t now_ns)
{
    return s->state == SHARD_RUNNING && s->n_left > 0 && now_ns < s->phase_end_ns;
}

static bool may_begin_none(const struct shard *s)
{
    return s->state == SHARD_FINISHING || (s->phase + 1 == s->stream->n_phases && s->n_left == 0);
}

/* Begins the next pass, unless its feeds have no row for it. The pass of a user that had to wait for its
 * phase is due when that begins. */
static enum values_taken begin_pass(struct shard *s, struct conn *c, uint64_t due_ns)
{
    const uint64_t start_ns = atomic_load_explicit(&clock_of(s, s->phase)->start_ns, memory_order_relaxed);
    const enum values_taken taken =
        user_begin_pass(s, c, s->own.number, s->phase, due_ns > start_ns ? due_ns : start_ns);
    if (taken == VALUES_TAKEN) {
        s->n_left -= s->n_left != UINT64_MAX;
        s->counts->sessions.n_due++;
        division_walk_next(&s->own);
    } else if (taken != VALUES_WAIT) {
        s->n_left = 0; /* later numbers have no row either */
    }
    if (taken == VALUES_FAIL)
        loop_stop_run(s->loop, user_no_row);
    return taken;
}

/* Between two passes: begins one, ends the user, or has it wait for the next phase, or behind those that wait
 * for a row that another session gives back. False when it waits. */
static bool go_between(struct shard *s, struct conn *c, uint64_t due_ns, uint64_t now_ns)
{
    if (s->users->cut_cause) {
        user_cut(s, c, now_ns);
        return true;
    }
    if (may_begin_pass(s, now_ns)) {
        const enum values_taken taken = s->thinking.first ? VALUES_WAIT : begin_pass(s, c, due_ns);
        if (taken == VALUES_WAIT)
            conn_move(&s->thinking, c, now_ns);
        if (taken == VALUES_TAKEN || taken == VALUES_WAIT)
            return taken == VALUES_TAKEN;
    }
    shard_user(s, c)->is_parked = !may_begin_none(s);
    if (!shard_user(s, c)->is_parked)
        user_finish(s, c, now_ns);
    return !shard_user(s, c)->is_parked;
}

/* Neither for a time nor for a row. */
static void stop_waiting(struct shard *s, struct conn *c)
{
    due_heap_remove(&s->users->asleep, shard_user(s, c)->index);
    if (c->list == &s->thinking)
        conn_list_remove(c);
}

/* Between passes, although none follows. */
static bool rests_in_vain(const struct shard *s, struct conn *c, enum user_does does)
{
    return does == USER_SLEEPS && s->state == SHARD_FINISHING && !shard_user(s, c)->is_live;
}

/* The user goes on as far as it can. After a pass that sent nothing the others have their turn first. */
static void go_on(struct shard *s, struct conn *c, uint64_t now_ns)
{
    enum user_does does;
    uint64_t due_ns;
    unsigned n_gone = 0;
    while ((does = user_go_on(s, c, now_ns, &due_ns)) == USER_DUE || rests_in_vain(s, c, does)) {
        stop_waiting(s, c);
        if (n_gone++ == 2) {
            user_sleep(s, c, now_ns);
            break;
        }
        if (!go_between(s, c, due_ns, now_ns))
            break;
    }
    if (does != USER_ASKS)
        check_end(s, now_ns);
}

/* --- phases --- */

/* Has all users go on that are parked. */
static void unpark(struct shard *s, uint64_t now_ns)
{
    const uint32_t phase = s->phase;
    for (uint32_t i = 0; i < s->n_conns && s->phase == phase; i++) {
        struct user *u = shard_user(s, shard_conn(s, i));
        const bool is_parked = u->is_parked;
        u->is_parked = false;
        if (is_parked)
            go_on(s, shard_conn(s, i), now_ns);
    }
}

/* The last phase is over, and users between two passes end. */
static void finish(struct shard *s, uint64_t end_ns, uint64_t now_ns)
{
    s->phase_end_ns = end_ns + s->stream->session->finish_ns;
    s->n_left = 0;
    for (uint32_t i = 0; i < s->n_conns; i++) {
        struct user *u = shard_user(s, shard_conn(s, i));
        if (u->is_live || u->is_over)
            continue;
        u->is_parked = true;
        stop_waiting(s, shard_conn(s, i));
        user_finish(s, shard_conn(s, i), now_ns);
    }
    s->state = SHARD_FINISHING;
    unpark(s, now_ns);
    check_end(s, now_ns);
}

/* Cuts the user and accounts for its pass. */
static void cut_user(struct shard *s, struct conn *c, uint64_t now_ns)
{
    if (shard_user(s, c)->is_asked) {
        conn_fail(c, OUTCOME_CENSORED, s->users->cut_cause, now_ns);
    } else {
        stop_waiting(s, c);
        user_cut(s, c, now_ns);
        go_on(s, c, now_ns);
    }
}

static void cut_all(struct shard *s, uint64_t now_ns)
{
    s->users->cut_cause = user_not_finished;
    for (uint32_t i = 0; i < s->n_conns; i++)
        if (shard_user(s, shard_conn(s, i))->is_live)
            cut_user(s, shard_conn(s, i), now_ns);
}

/* Begins the next phase for all threads at `start_ns`; waiting threads notice when they are woken. */
static void begin_next(struct shard *s, uint64_t start_ns, uint64_t now_ns)
{
    atomic_store_explicit(&clock_of(s, s->phase)->end_ns, start_ns, memory_order_release);
    if (s->phase + 1 == s->stream->n_phases) {
        finish(s, start_ns, now_ns);
        return;
    }
    s->phase++;
    atomic_store_explicit(&clock_of(s, s->phase)->start_ns, start_ns, memory_order_release);
    enter_phase(s, start_ns, now_ns);
}

/* This thread's part of the phase is over at its end, or with the last of its passes. */
static void check_end(struct shard *s, uint64_t now_ns)
{
    const bool is_time_over = now_ns >= s->phase_end_ns;
    if (s->users->n_over == s->n_conns)
        s->n_left = 0;
    if (s->state == SHARD_FINISHING) {
        if (is_time_over && !s->users->cut_cause)
            cut_all(s, now_ns);
        if (s->users->n_live == 0)
            s->state = SHARD_OVER;
        return;
    }
    if (s->state == SHARD_RUNNING && (s->n_left == 0 || is_time_over))
        s->state = SHARD_DRAINING;
    if (s->state != SHARD_DRAINING || (s->users->n_live > 0 && !is_time_over))
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

static void enter_phase(struct shard *s, uint64_t start_ns, uint64_t now_ns)
{
    const struct plan_phase *p = &s->stream->phases[s->phase];
    s->phase_end_ns =
        p->duration_ns > 0 || p->kind == PLAN_PHASE_PAUSE ? start_ns + p->duration_ns : UINT64_MAX;
    if (s->phase_end_ns < s->timer.due_ns) {
        s->timer.due_ns = s->phase_end_ns;
        loop_rearm(s->loop);
    }
    if (p->kind == PLAN_PHASE_PAUSE) {
        s->state = SHARD_WAITING;
        return;
    }
    if (p->duration_ns > 0)
        atomic_store_explicit(&clock_of(s, s->phase)->measured_until_ns, s->phase_end_ns,
                              memory_order_relaxed);
    s->n_left = UINT64_MAX;
    if (p->kind == PLAN_PHASE_REQUESTS)
        s->n_left = division_n_from(&s->division, plan_first_number(s->stream, s->phase), p->n_requests);
    s->state = SHARD_RUNNING;
    unpark(s, now_ns);
    check_end(s, now_ns);
}

/* --- the loop --- */

static bool is_pausing(const struct shard *s)
{
    return s->state == SHARD_WAITING && s->stream->phases[s->phase].kind == PLAN_PHASE_PAUSE;
}

/* When the next phase begins by order, if that is known and ahead; UINT64_MAX if not. Begins one whose time
 * has come. */
static uint64_t check_barrier(struct shard *s, uint64_t now_ns)
{
    if (s->state != SHARD_WAITING || is_pausing(s))
        return UINT64_MAX;
    if (s->phase + 1 >= s->stream->n_phases) {
        const uint64_t end_ns = atomic_load_explicit(&clock_of(s, s->phase)->end_ns, memory_order_acquire);
        if (end_ns != 0)
            finish(s, end_ns, now_ns);
        return UINT64_MAX;
    }
    const uint64_t start_ns =
        atomic_load_explicit(&clock_of(s, s->phase + 1)->start_ns, memory_order_acquire);
    if (start_ns > now_ns)
        return start_ns;
    if (start_ns != 0) {
        s->phase++;
        enter_phase(s, start_ns, now_ns);
    }
    return UINT64_MAX;
}

/* Users that wait for a row of a feed begin in their order, as long as there is one. Their passes are due
 * now: the server has no part in that wait. */
static void serve_waiting(struct shard *s, uint64_t now_ns)
{
    struct conn *c;
    while ((c = s->thinking.first) != NULL && may_begin_pass(s, now_ns)) {
        if (begin_pass(s, c, now_ns) == VALUES_WAIT)
            return;
        conn_list_remove(c);
        go_on(s, c, now_ns);
    }
}

/* Ends and begins phases, and sets the timer for the next end or the next user that wakes. */
static void check(struct shard *s, uint64_t now_ns)
{
    if (is_pausing(s) && now_ns >= s->phase_end_ns)
        begin_next(s, s->phase_end_ns, now_ns); /* by the clock, the same instant on all threads */
    const uint64_t start_ns = check_barrier(s, now_ns);
    serve_waiting(s, now_ns);
    check_end(s, now_ns);
    const bool is_timed = s->state != SHARD_WAITING || is_pausing(s);
    const uint64_t next_ns = is_timed ? s->phase_end_ns : start_ns;
    const uint64_t wake_ns = due_heap_first_ns(&s->users->asleep);
    s->timer.due_ns = s->state == SHARD_OVER ? UINT64_MAX : wake_ns < next_ns ? wake_ns : next_ns;
}

static void on_due(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns)
{
    struct shard *s = shard_of(timer);
    for (uint32_t n = 0; n < n_most && due_heap_first_ns(&s->users->asleep) <= now_ns; n++) {
        s->loop->n_due_sends++;
        go_on(s, user_wake(s), now_ns);
    }
    check(s, now_ns);
}

/* A user for whom the feeds have no row does nothing. */
static void start_user(struct shard *s, struct conn *c)
{
    struct user *u = shard_user(s, c);
    const struct plan_stream *stream = s->stream;
    const uint64_t number = c->number - s->division.first_connection;
    const uint64_t due_ns = course_ramp_ns(s->loop->t0_ns, stream->ramp_users_ns, number, stream->n_users);
    const enum values_taken taken = user_start(s, c, number, due_ns);
    u->is_parked = taken == VALUES_TAKEN;
    u->is_over = taken != VALUES_TAKEN;
    s->users->n_over += u->is_over;
    if (taken == VALUES_FAIL)
        loop_stop_run(s->loop, user_no_row);
}

static void on_start(struct shard *s, uint64_t now_ns)
{
    const uint64_t t0_ns = s->loop->t0_ns;
    atomic_store_explicit(&clock_of(s, 0)->start_ns, t0_ns, memory_order_release);
    for (uint32_t i = 0; i < s->n_conns; i++)
        start_user(s, shard_conn(s, i));
    enter_phase(s, t0_ns, now_ns);
    check(s, now_ns);
}

static void on_free(struct shard *s, struct conn *c, uint64_t now_ns)
{
    struct user *u = shard_user(s, c);
    if (!u->is_asked || c->n_flights > 0)
        return; /* the connection closed or became ready while its user rests */
    u->is_asked = false;
    go_on(s, c, now_ns);
    serve_waiting(s, now_ns);
}

/* Requests in flight end by shard_stop, and their passes with them. */
static void stop(struct shard *s, uint64_t now_ns)
{
    s->n_left = 0;
    s->users->cut_cause = user_run_over;
    for (uint32_t i = 0; i < s->n_conns; i++)
        if (!shard_user(s, shard_conn(s, i))->is_asked)
            cut_user(s, shard_conn(s, i), now_ns);
}

const struct shard_model shard_session = { .start = on_start,
                                           .on_due = on_due,
                                           .on_free = on_free,
                                           .on_connect_failed = conn_fail,
                                           .check = check,
                                           .stop = stop };
