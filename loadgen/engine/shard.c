#include "shard.h"

#include "addresses.h"
#include "descriptors.h"
#include "mux.h"
#include "muxes.h"
#include "request.h"
#include "stats.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

enum {
    CONNECTING_MOST = 128, /* connection attempts under way at once; more only fill the listener's backlog */
};

static const struct shard_model *model_of(const struct plan_stream *stream)
{
    if (stream->model == PLAN_CLOSED)
        return stream->session ? &shard_session : &shard_closed;
    return stream->session ? &shard_session_open : &shard_open;
}

/* An heir for each connection whose users share it, as far as there are descriptors. */
static uint32_t n_with_heirs(const struct shard *s, uint32_t n_conns)
{
    const bool are_shared = s->muxes && s->stream->in_flight_most > 1;
    const bool have_heirs = are_shared && s->stream->model == PLAN_CLOSED;
    return have_heirs ? n_conns + descriptors_n_heirs(s->loop->plan, n_conns) : n_conns;
}

struct conn *shard_take_spare(struct shard *s)
{
    struct conn *c = s->spares.first;
    if (c) {
        conn_list_remove(c);
    } else if (s->n_conns < s->n_conns_most) {
        c = shard_conn(s, s->n_conns++);
        conn_init(c, s, 0);
    }
    return c;
}

int shard_init(struct shard *s, struct loop *loop, struct route *route, const struct plan_stream *stream,
               const struct division *division, struct barrier *barrier, struct phase_clock *clocks,
               struct users_here *here)
{
    memset(s, 0, sizeof *s);
    s->loop = loop;
    s->route = route;
    s->stream = stream;
    s->stream_number = (uint32_t)(stream - loop->plan->streams);
    s->division = *division;
    s->own = division_walk_begin(division);
    s->barrier = barrier;
    s->clocks = clocks;
    s->model = model_of(stream);
    if (stream->model == PLAN_OPEN)
        arrivals_init(&s->arrivals, stream, loop->plan->seed, s->stream_number, division);
    s->phase_end_ns = s->timer.due_ns = UINT64_MAX;
    s->timer.on_due = s->model->on_due;
    const uint32_t n_conns = (uint32_t)division_n_connections(division);
    if (plan_is_http2(loop->plan, stream) && !(s->muxes = muxes_new(s)))
        return -1;
    s->user_at = s->conn_stride = conn_bytes(s);
    if (stream->session)
        s->conn_stride += user_bytes(stream);
    s->n_conns_most = n_with_heirs(s, n_conns);
    s->conns = malloc(s->n_conns_most * s->conn_stride);
    if (stream->session && !(s->users = users_new(s, here)))
        return -1;
    if (!s->conns || (stream->model == PLAN_OPEN &&
                      due_queue_init(&s->queue, (uint32_t)division_n_of(division, stream->queue_most))))
        return -1;
    for (; s->n_conns < n_conns; s->n_conns++) {
        struct conn *c = shard_conn(s, s->n_conns);
        conn_init(c, s, (uint32_t)division_connection(division, s->n_conns));
        if (s->users)
            user_init(shard_user(s, c), s, s->n_conns);
        conn_list_append(&s->closed, c, 0);
    }
    return 0;
}

void shard_fini(struct shard *s)
{
    for (uint32_t i = 0; s->conns && i < s->n_conns; i++) {
        if (s->users)
            user_fini(shard_user(s, shard_conn(s, i)));
        conn_fini(shard_conn(s, i));
    }
    users_free(s->users);
    muxes_free(s->muxes);
    free(s->conns);
    arrivals_fini(&s->arrivals);
    due_queue_fini(&s->queue);
    s->conns = NULL;
}

const struct plan_request *shard_pick_request(const struct shard *s, uint64_t seq)
{
    return request_pick(s->loop->plan, s->stream, seq);
}

/* One list per length of pause: each is in order and none delays another. */
void shard_want_open(struct shard *s, struct conn *c, uint64_t now_ns)
{
    const uint32_t pause = c->n_failures < SHARD_PAUSES ? c->n_failures : SHARD_PAUSES;
    conn_move(pause == 0 ? &s->waiting : &s->resting[pause - 1], c, now_ns);
    s->even.has_changed = true;
}

uint32_t shard_n_opening(const struct shard *s)
{
    uint32_t n = s->connecting.n + s->waiting.n;
    for (uint32_t i = 0; i < SHARD_PAUSES; i++)
        n += s->resting[i].n;
    return n;
}

static void end_pauses(struct shard *s, uint64_t now_ns)
{
    for (uint32_t i = 0; i < SHARD_PAUSES; i++)
        while (s->resting[i].first && now_ns >= s->resting[i].first->since_ns + (NS_PER_MS << i))
            conn_move(&s->waiting, s->resting[i].first, now_ns);
}

/* A request that is sent again keeps its deadline, which may pass before the next connection is ready. */
static bool is_overdue(const struct shard *s, struct conn *c, uint64_t now_ns)
{
    if (c->mux)
        return mux_is_overdue(c, now_ns);
    return c->n_flights > 0 && now_ns >= shard_deadline_ns(s, conn_flight(c, 0, s->stream->in_flight_most));
}

void shard_open_waiting(struct shard *s, uint64_t now_ns)
{
    struct conn *c;
    /* An attempt that fails at once calls back into this function: the loop below goes on with the next. */
    if (s->is_opening || s->state == SHARD_OVER)
        return;
    s->is_opening = true;
    end_pauses(s, now_ns);
    while ((c = s->waiting.first) != NULL && s->connecting.n < CONNECTING_MOST)
        if (is_overdue(s, c, now_ns))
            conn_time_out(c, now_ns);
        else
            conn_open(c, now_ns);
    s->is_opening = false;
}

void shard_reopen(struct shard *s, struct conn *c, uint64_t now_ns)
{
    shard_want_open(s, c, now_ns);
    shard_open_waiting(s, now_ns);
}

static struct conn *overdue_connecting(const struct shard *s, uint64_t now_ns)
{
    for (struct conn *c = s->connecting.first; c; c = c->after)
        if (is_overdue(s, c, now_ns))
            return c;
    return NULL;
}

void shard_check_deadlines(struct shard *s, uint64_t now_ns)
{
    struct conn *c;
    while ((c = s->busy.first) != NULL && now_ns >= c->deadline_ns)
        conn_time_out(c, now_ns);
    while ((c = overdue_connecting(s, now_ns)) != NULL)
        conn_time_out(c, now_ns);
    while (s->connecting.first && now_ns >= s->connecting.first->since_ns + s->stream->connect_timeout_ns)
        conn_give_up(s->connecting.first, now_ns);
    shard_open_waiting(s, now_ns);
}

void shard_stop(struct shard *s, uint64_t now_ns)
{
    s->state = SHARD_OVER; /* first, so that no model takes up more requests */
    s->timer.due_ns = UINT64_MAX;
    s->model->stop(s, now_ns);
    for (uint32_t i = 0; i < s->n_conns; i++)
        conn_fail(shard_conn(s, i), OUTCOME_CENSORED, "the run ended", now_ns);
}

uint64_t shard_n_inflight(const struct shard *s)
{
    return (uint64_t)s->n_busy + s->queue.n;
}

void shard_on_done(struct shard *s, struct conn *c, uint64_t now_ns)
{
    s->model->on_free(s, c, now_ns);
}

void shard_on_ready(struct shard *s, struct conn *c, uint64_t now_ns)
{
    struct stats_remote *remote =
        c->remote < STATS_REMOTES_MOST ? stats_remote(s->loop->stats, s->stream_number, c->remote) : NULL;
    /* Only for the first connection of a second: it costs a system call. */
    if (remote && remote->n_connections++ == 0)
        remote->rtt_ns = conn_rtt_ns(c);
    shard_open_waiting(s, now_ns);
    conn_send_pending(c);
    shard_on_room(s, c, now_ns);
}

void shard_on_room(struct shard *s, struct conn *c, uint64_t now_ns)
{
    if (c->state == CONN_READY && (c->n_flights == 0 || conn_has_room(c)))
        s->model->on_free(s, c, now_ns);
}

void shard_on_connect_failed(struct shard *s, struct conn *c, enum outcome outcome, const char *cause,
                             uint64_t now_ns)
{
    addresses_refresh(s->route->addresses);
    s->model->on_connect_failed(c, outcome, cause, now_ns);
}

void shard_on_closed(struct shard *s, struct conn *c, uint64_t now_ns)
{
    if (s->state == SHARD_OVER)
        return;
    if (c->n_flights > 0)
        shard_reopen(s, c, now_ns);
    else
        s->model->on_free(s, c, now_ns);
}
