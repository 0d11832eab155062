/* The open model: requests are due by schedule, however slow the responses are. A due request takes a free
 * connection; without one it waits in a bounded queue while connections are opened, and the wait is measured;
 * when the queue is full it is dropped. */
#include "shard_open.h"
#include "account.h"
#include "clock.h"
#include "mux.h"
#include "phase_clock.h"
#include "plan.h"
#include "shard.h"
#include "stats.h"

static void take_recorded(struct shard *s)
{
    if (s->has_next) {
        s->next.request = &s->arrivals.row->request;
        s->next.row = (uint8_t)s->arrivals.row->row;
    } else if (s->arrivals.wrong) {
        loop_stop_run(s->loop, s->arrivals.wrong);
    }
}

void shard_open_load_next(struct shard *s)
{
    uint64_t due_ns;
    s->has_next = arrivals_next(&s->arrivals, &due_ns, &s->next.seq, &s->next.phase);
    s->next.due_ns = s->loop->t0_ns + due_ns;
    s->timer.due_ns = s->has_next ? s->next.due_ns : UINT64_MAX;
    if (s->stream->recording)
        take_recorded(s);
}

/* All threads see the same moment; the first one notes it. */
static void note(_Atomic uint64_t *moment_ns, uint64_t ns)
{
    if (atomic_load_explicit(moment_ns, memory_order_relaxed) == 0)
        atomic_store_explicit(moment_ns, ns, memory_order_release);
}

/* Phases follow the schedule alone. */
void shard_open_follow_phases(struct shard *s, uint64_t now_ns)
{
    const uint64_t t0_ns = s->loop->t0_ns;
    while (s->phase < s->stream->n_phases) {
        struct phase_clock *clock = &s->clocks[s->phase];
        const uint64_t start_ns = t0_ns + arrivals_phase_start_ns(s->stream, s->phase);
        const uint64_t end_ns = t0_ns + arrivals_phase_start_ns(s->stream, s->phase + 1);
        if (now_ns >= start_ns)
            note(&clock->start_ns, start_ns);
        if (now_ns >= end_ns)
            note(&clock->end_ns, end_ns);
        if (now_ns < end_ns || s->phase + 1 == s->stream->n_phases)
            return;
        s->phase++;
    }
}

static void submit(struct shard *s, struct conn *c, const struct due *due, uint64_t now_ns)
{
    const struct flight f = { .seq = due->seq,
                              .due_ns = due->due_ns,
                              .dispatched_ns = due->dispatched_ns,
                              .sent_ns = due->sent_ns,
                              .setup_ns = due->setup_ns,
                              .request = due->request ? due->request : shard_request(s, due->seq),
                              .phase = due->phase,
                              .row = due->row,
                              .is_retry = due->is_retry,
                              .again = due->again };
    shard_submit(s, c, &f, now_ns);
}

static void end_unsent(struct shard *s, const struct due *due, enum outcome outcome, const char *cause,
                       uint64_t now_ns)
{
    const struct flight f = { .seq = due->seq,
                              .due_ns = due->due_ns,
                              .dispatched_ns = due->dispatched_ns,
                              .sent_ns = due->sent_ns,
                              .setup_ns = due->setup_ns,
                              .request = due->request,
                              .phase = due->phase,
                              .row = due->row };
    account_unsent(s, &f, outcome, cause, now_ns);
}

/* With pipelining, connections with requests in flight queue up for one more while they have room. Whether
 * one still has room is checked when its turn comes. */
static void offer_room(struct shard *s, struct conn *c)
{
    if (c->is_offered || c->n_flights == 0 || c->n_flights == s->stream->in_flight_most)
        return;
    c->is_offered = true;
    c->room_after = NULL;
    if (s->room_first)
        s->room_last->room_after = c;
    else
        s->room_first = c;
    s->room_last = c;
}

static struct conn *take_room(struct shard *s)
{
    for (struct conn *c; (c = s->room_first) != NULL;) {
        s->room_first = c->room_after;
        c->is_offered = false;
        if (c->n_flights > 0 && conn_has_room(c))
            return c;
    }
    return NULL;
}

/* A connection that can send one more request now: an idle one, else the least recently used. */
static struct conn *free_conn(struct shard *s)
{
    return s->idle.first ? s->idle.first : take_room(s);
}

/* Opens connections until `n_wanted` are on their way. */
static void open_more(struct shard *s, uint32_t n_wanted, uint64_t now_ns)
{
    for (uint32_t n = shard_n_opening(s); s->closed.first && n < n_wanted; n++)
        shard_want_open(s, s->closed.first, now_ns);
    shard_open_waiting(s, now_ns);
}

static void dispatch(struct shard *s, uint64_t now_ns)
{
    struct due due = s->next;
    struct conn *c = s->queue.n == 0 ? free_conn(s) : NULL;

    due.dispatched_ns = now_ns;
    s->counts->n_intended++;
    s->loop->n_due_sends++;
    if (c) {
        submit(s, c, &due, now_ns);
        offer_room(s, c);
        return;
    }
    if (!due_queue_put(&s->queue, &due)) {
        end_unsent(s, &due, OUTCOME_DROPPED, "the queue of due requests was full", now_ns);
        open_more(s, s->queue.n + 1, now_ns); /* one even without a queue */
        return;
    }
    open_more(s, s->queue.n, now_ns);
}

/* A server that is behind answers the requests of one phase during the next, and these answers are part of
 * what it delivers: the measured time of a rate or ramp lasts through those that follow it without a pause.
 */
static void set_measured_until(struct shard *s)
{
    uint64_t until_ns = 0;
    for (size_t k = s->stream->n_phases; k-- > 0;) {
        const struct plan_phase *p = &s->stream->phases[k];
        const uint64_t end_ns = s->loop->t0_ns + arrivals_phase_start_ns(s->stream, (uint32_t)k + 1);
        const bool is_timed =
            p->kind == PLAN_PHASE_RATE || p->kind == PLAN_PHASE_RAMP || p->kind == PLAN_PHASE_REPLAY;
        const bool goes_on = k + 1 < s->stream->n_phases && p[1].warmup == p->warmup && until_ns > 0;
        until_ns = !is_timed ? 0 : goes_on ? until_ns : end_ns;
        atomic_store_explicit(&s->clocks[k].measured_until_ns, until_ns, memory_order_relaxed);
    }
}

void shard_open_start(struct shard *s, uint64_t now_ns)
{
    set_measured_until(s);
    s->state = SHARD_RUNNING;
    shard_open_follow_phases(s, now_ns);
    shard_open_load_next(s);
}

static void check(struct shard *s, uint64_t now_ns);

/* Counts the requests that were due and unsent at one moment while dispatch catches up with it. */
void shard_open_count_backlog(struct shard *s, uint64_t now_ns)
{
    if (s->next.due_ns > s->backlog_ns) {
        s->backlog_ns = now_ns;
        s->n_backlog = s->queue.n;
    }
    if (++s->n_backlog > s->counts->n_backlog_most)
        s->counts->n_backlog_most = s->n_backlog;
}

/* A burst, or a rate beyond the thread's capacity, must not keep it from responses, deadlines and signals:
 * after a few requests the loop runs, and the rest follows in its next turn. */
static void on_due(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns)
{
    struct shard *s = shard_of(timer);
    for (uint32_t n = 0; s->has_next && s->next.due_ns <= now_ns; now_ns = clock_monotonic_ns()) {
        loop_check_edge(s->loop, now_ns);
        shard_open_count_backlog(s, now_ns);
        dispatch(s, now_ns);
        shard_even_out(s, now_ns);
        shard_open_load_next(s);
        if (++n == n_most)
            break;
    }
    if (!s->has_next)
        check(s, now_ns);
}

/* HTTP/2: what waits on a connection that takes no more goes to others, and comes before what is due now. */
static void hand_over(struct shard *s, struct conn *c, uint64_t now_ns)
{
    const struct flight *f;
    while (s->queue.n < s->queue.capacity && (f = mux_last_stranded(c)) != NULL) {
        const struct due due = { .due_ns = f->due_ns,
                                 .dispatched_ns = f->dispatched_ns,
                                 .sent_ns = f->sent_ns,
                                 .setup_ns = f->setup_ns,
                                 .seq = f->seq,
                                 .request = f->request,
                                 .phase = f->phase,
                                 .row = f->row,
                                 .is_retry = f->is_retry,
                                 .again = f->again };
        due_queue_put_first(&s->queue, &due);
        mux_give_back_last(c);
    }
    for (struct conn *other; s->queue.n > 0 && (other = free_conn(s)) != NULL;) {
        const struct due due = due_queue_take(&s->queue);
        submit(s, other, &due, now_ns);
        offer_room(s, other);
    }
    open_more(s, s->queue.n, now_ns);
}

static void on_free(struct shard *s, struct conn *c, uint64_t now_ns)
{
    if (__builtin_expect(c->mux != NULL, 0) && mux_last_stranded(c))
        hand_over(s, c, now_ns);
    if (c->state != CONN_READY) {
        if (c->n_flights == 0 && c->state == CONN_CLOSED) {
            conn_list_remove(c);
            conn_list_append(&s->closed, c, now_ns);
            s->even.has_changed = true;
            open_more(s, s->queue.n, now_ns);
        }
        check(s, now_ns);
        return;
    }
    while (s->queue.n > 0 && conn_has_room(c)) {
        const struct due due = due_queue_take(&s->queue);
        if (now_ns >= due.due_ns + s->stream->timeout_ns)
            end_unsent(s, &due, OUTCOME_TIMEOUT, "timed out while waiting for a connection", now_ns);
        else
            submit(s, c, &due, now_ns);
    }
    if (c->state == CONN_READY && c->n_flights == 0) {
        conn_list_remove(c);
        if (!c->mux || mux_has_room(c)) /* a peer may allow no stream for now */
            conn_list_append(&s->idle, c, now_ns);
    }
    offer_room(s, c);
    if (!s->has_next)
        check(s, now_ns);
}

/* Requests already on the connection fail with it; else the oldest in the queue, unless another connection is
 * being opened for each of them. */
static void on_connect_failed(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    struct shard *s = c->shard;
    if (c->n_flights > 0) {
        conn_fail(c, outcome, cause, now_ns);
    } else if (s->queue.n > shard_n_opening(s)) {
        const struct due due = due_queue_take(&s->queue);
        end_unsent(s, &due, outcome, cause, now_ns);
    }
}

static void check(struct shard *s, uint64_t now_ns)
{
    shard_open_follow_phases(s, now_ns);
    while (s->queue.n > 0 && now_ns >= due_queue_first(&s->queue)->due_ns + s->stream->timeout_ns) {
        const struct due due = due_queue_take(&s->queue);
        end_unsent(s, &due, OUTCOME_TIMEOUT, "timed out while waiting for a connection", now_ns);
    }
    open_more(s, s->queue.n, now_ns);
    if (s->state != SHARD_RUNNING || s->has_next || s->n_busy > 0 || s->queue.n > 0)
        return;
    const uint64_t end_ns =
        s->loop->t0_ns + arrivals_phase_start_ns(s->stream, (uint32_t)s->stream->n_phases);
    if (now_ns >= end_ns)
        s->state = SHARD_OVER;
}

/* Everything due by now was intended, whether or not the thread got to it. */
static void stop(struct shard *s, uint64_t now_ns)
{
    while (s->queue.n > 0) {
        const struct due due = due_queue_take(&s->queue);
        end_unsent(s, &due, OUTCOME_CENSORED, "the run ended", now_ns);
    }
    for (; s->has_next && s->next.due_ns <= now_ns; shard_open_load_next(s)) {
        s->next.dispatched_ns = now_ns;
        s->counts->n_intended++;
        end_unsent(s, &s->next, OUTCOME_CENSORED, "the run ended", now_ns);
    }
    s->has_next = false;
    s->timer.due_ns = UINT64_MAX;
}

const struct shard_model shard_open = { .start = shard_open_start,
                                        .on_due = on_due,
                                        .on_free = on_free,
                                        .on_connect_failed = on_connect_failed,
                                        .check = check,
                                        .stop = stop };
