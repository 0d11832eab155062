/* The open model of sessions. Each arrival is a new user with one pass and the steps of `end`, on a
 * connection of its own, which is opened for it. Arrivals beyond the most connections at once wait in the
 * queue, and their wait is measured; when that is full they are dropped. Passes go on through phases; those
 * still under way when `finish` has passed behind the schedule's end are cut. */
#include "account.h"
#include "clock.h"
#include "plan.h"
#include "shard.h"
#include "shard_open.h"
#include "user.h"

/* The session was never begun: neither it nor the first of its requests. */
static void end_unbegun(struct shard *s, const struct due *due, enum outcome outcome, const char *cause,
                        uint64_t now_ns)
{
    const struct session_step *first = &s->stream->session->steps[0];
    const struct flight f = { .seq = due->seq,
                              .due_ns = due->due_ns,
                              .dispatched_ns = due->dispatched_ns,
                              .phase = due->phase,
                              .row = (uint8_t)first->row };
    const struct course_result pass = { .pass = due->seq,
                                        .due_ns = due->due_ns,
                                        .over_ns = now_ns,
                                        .total_ns = now_ns - due->due_ns,
                                        .busy_ns = now_ns - due->due_ns,
                                        .outcome = outcome,
                                        .cause = cause,
                                        .phase = due->phase };
    s->counts->n_intended++;
    account_unsent(s, &f, outcome, cause, now_ns);
    account_session(s, &pass);
}

/* The connection is free for another user once it is closed. */
static void leave(struct shard *s, struct conn *c, uint64_t now_ns)
{
    if (c->state == CONN_READY)
        conn_close_in_order(c);
    if (c->state == CONN_CLOSED)
        conn_move(&s->closed, c, now_ns);
}

/* The user goes on as far as it can. After its pass there is nothing to wait for but the steps of `end`. */
static void go_on(struct shard *s, struct conn *c, uint64_t now_ns)
{
    const struct user *u = shard_user(s, c);
    uint64_t due_ns;
    for (;;) {
        const enum user_does does = user_go_on(s, c, now_ns, &due_ns);
        if (does == USER_ASKS || (does == USER_SLEEPS && u->is_live))
            return;
        if (does == USER_OVER)
            break;
        if (s->users->cut_cause)
            user_cut(s, c, now_ns);
        else
            user_finish(s, c, now_ns);
    }
    leave(s, c, now_ns);
}

/* The arrival becomes the user of a free connection, which then has to go on. WAIT: there is no connection,
 * or no row of a feed, until another session has ended. */
static enum values_taken take_up(struct shard *s, const struct due *due, struct conn **free)
{
    struct conn *c = *free = s->closed.first;
    if (!c)
        return VALUES_WAIT;
    enum values_taken taken = user_start(s, c, due->seq, due->due_ns);
    if (taken == VALUES_TAKEN)
        taken = user_begin_pass(s, c, due->seq, due->phase, due->due_ns);
    if (taken != VALUES_TAKEN) {
        user_end(s, c);
        return taken;
    }
    conn_list_remove(c);
    shard_user(s, c)->dispatched_ns = due->dispatched_ns;
    return taken;
}

static void end_without_row(struct shard *s, const struct due *due, enum values_taken taken, uint64_t now_ns)
{
    end_unbegun(s, due, OUTCOME_DROPPED, "a feed has no row left", now_ns);
    if (taken == VALUES_FAIL)
        loop_stop_run(s->loop, user_no_row);
}

/* The first of the queue begins, or has waited for too long. False when it goes on waiting. Going on may lead
 * here again: the arrival has left the queue by then. */
static bool begin_first(struct shard *s, uint64_t now_ns)
{
    const struct due due = *due_queue_first(&s->queue);
    const bool is_overdue = now_ns >= due.due_ns + s->stream->timeout_ns;
    struct conn *c = NULL;
    const enum values_taken taken = is_overdue ? VALUES_STOP : take_up(s, &due, &c);
    if (taken == VALUES_WAIT)
        return false;
    due_queue_take(&s->queue);
    if (is_overdue)
        end_unbegun(s, &due, OUTCOME_TIMEOUT, "timed out while waiting for a connection", now_ns);
    else if (taken == VALUES_TAKEN)
        go_on(s, c, now_ns);
    else
        end_without_row(s, &due, taken, now_ns);
    return true;
}

static void begin_queued(struct shard *s, uint64_t now_ns)
{
    while (s->queue.n > 0 && begin_first(s, now_ns))
        ;
}

static void dispatch(struct shard *s, uint64_t now_ns)
{
    struct due due = s->next;
    due.dispatched_ns = now_ns;
    s->counts->sessions.n_due++;
    s->loop->n_due_sends++;
    struct conn *c;
    const enum values_taken taken = s->queue.n == 0 ? take_up(s, &due, &c) : VALUES_WAIT;
    if (taken == VALUES_TAKEN)
        go_on(s, c, now_ns);
    else if (taken != VALUES_WAIT)
        end_without_row(s, &due, taken, now_ns);
    else if (!due_queue_put(&s->queue, &due))
        end_unbegun(s, &due, OUTCOME_DROPPED, "the queue of due sessions was full", now_ns);
}

/* --- the end --- */

static void cut_all(struct shard *s, uint64_t now_ns)
{
    const char *cause = s->users->cut_cause = user_not_finished;
    while (s->queue.n > 0) {
        const struct due due = due_queue_take(&s->queue);
        end_unbegun(s, &due, OUTCOME_CENSORED, cause, now_ns);
    }
    for (uint32_t i = 0; i < s->n_conns; i++) {
        struct conn *c = shard_conn(s, i);
        if (shard_user(s, c)->is_asked) {
            conn_fail(c, OUTCOME_CENSORED, cause, now_ns);
        } else if (shard_user(s, c)->is_live) {
            user_cut(s, c, now_ns);
            go_on(s, c, now_ns);
        }
    }
}

static uint64_t schedule_end_ns(const struct shard *s)
{
    return s->loop->t0_ns + arrivals_phase_start_ns(s->stream, (uint32_t)s->stream->n_phases);
}

static void check_end(struct shard *s, uint64_t now_ns)
{
    if (s->has_next || now_ns < schedule_end_ns(s))
        return;
    if (s->state == SHARD_RUNNING) {
        s->state = SHARD_FINISHING;
        s->phase_end_ns = schedule_end_ns(s) + s->stream->session->finish_ns;
    }
    if (s->state == SHARD_FINISHING && now_ns >= s->phase_end_ns && !s->users->cut_cause)
        cut_all(s, now_ns);
    if (s->state == SHARD_FINISHING && s->users->n_live == 0 && s->queue.n == 0)
        s->state = SHARD_OVER;
}

/* --- the loop --- */

static void set_timer(struct shard *s)
{
    const uint64_t wake_ns = due_heap_first_ns(&s->users->asleep);
    uint64_t due_ns = s->has_next ? s->next.due_ns : s->phase_end_ns;
    s->timer.due_ns = s->state == SHARD_OVER ? UINT64_MAX : wake_ns < due_ns ? wake_ns : due_ns;
}

static void check(struct shard *s, uint64_t now_ns)
{
    shard_open_follow_phases(s, now_ns);
    begin_queued(s, now_ns);
    check_end(s, now_ns);
    set_timer(s);
}

static void on_due(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns)
{
    struct shard *s = shard_of(timer);
    for (uint32_t n = 0; s->has_next && s->next.due_ns <= now_ns; now_ns = clock_monotonic_ns()) {
        loop_check_edge(s->loop, now_ns);
        shard_open_count_backlog(s, now_ns);
        dispatch(s, now_ns);
        shard_open_load_next(s);
        if (++n == n_most)
            break;
    }
    for (uint32_t n = 0; n < n_most && due_heap_first_ns(&s->users->asleep) <= now_ns; n++) {
        s->loop->n_due_sends++;
        go_on(s, user_wake(s), now_ns);
    }
    if (s->has_next)
        set_timer(s);
    else
        check(s, now_ns);
}

static void on_free(struct shard *s, struct conn *c, uint64_t now_ns)
{
    struct user *u = shard_user(s, c);
    if (c->n_flights > 0)
        return;
    if (u->is_asked) {
        u->is_asked = false;
        go_on(s, c, now_ns);
    } else if (!u->is_live && c->state == CONN_CLOSED && c->list != &s->closed) {
        conn_move(&s->closed, c, now_ns);
    }
    begin_queued(s, now_ns);
    if (!s->has_next)
        check(s, now_ns);
}

/* Every session due by now was intended, whether or not the thread got to it. Requests in flight end by
 * shard_stop, and their sessions with them. */
static void stop(struct shard *s, uint64_t now_ns)
{
    const char *cause = s->users->cut_cause = user_run_over;
    while (s->queue.n > 0) {
        const struct due due = due_queue_take(&s->queue);
        end_unbegun(s, &due, OUTCOME_CENSORED, cause, now_ns);
    }
    for (; s->has_next && s->next.due_ns <= now_ns; shard_open_load_next(s)) {
        s->next.dispatched_ns = now_ns;
        s->counts->sessions.n_due++;
        end_unbegun(s, &s->next, OUTCOME_CENSORED, cause, now_ns);
    }
    s->has_next = false;
    s->timer.due_ns = UINT64_MAX;
    for (uint32_t i = 0; i < s->n_conns; i++) {
        struct conn *c = shard_conn(s, i);
        if (!shard_user(s, c)->is_live || shard_user(s, c)->is_asked)
            continue;
        user_cut(s, c, now_ns);
        go_on(s, c, now_ns);
    }
}

const struct shard_model shard_session_open = { .start = shard_open_start,
                                                .on_due = on_due,
                                                .on_free = on_free,
                                                .on_connect_failed = conn_fail,
                                                .check = check,
                                                .stop = stop };
