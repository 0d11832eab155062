#include "conn_parts.h"

#include "mux.h"
#include "plan.h"
#include "shard.h"

#include <string.h>
#include <unistd.h>

#define WATCHED (POLLER_READABLE | POLLER_WRITABLE | POLLER_HUNG_UP | POLLER_EDGES)

static void on_events(struct poller_watch *watch, uint32_t events);

/* Inserts behind `before`; NULL: at the front. */
static void insert(struct conn_list *list, struct conn *c, struct conn *before)
{
    c->list = list;
    c->before = before;
    c->after = before ? before->after : list->first;
    if (before)
        before->after = c;
    else
        list->first = c;
    if (c->after)
        c->after->before = c;
    else
        list->last = c;
    list->n++;
}

void conn_list_append(struct conn_list *list, struct conn *c, uint64_t now_ns)
{
    c->since_ns = now_ns;
    insert(list, c, list->last);
}

void conn_list_remove(struct conn *c)
{
    struct conn_list *list = c->list;
    if (!list)
        return;
    if (c->before)
        c->before->after = c->after;
    else
        list->first = c->after;
    if (c->after)
        c->after->before = c->before;
    else
        list->last = c->before;
    list->n--;
    c->list = NULL;
    c->before = c->after = NULL;
}

void conn_move(struct conn_list *list, struct conn *c, uint64_t now_ns)
{
    conn_list_remove(c);
    conn_list_append(list, c, now_ns);
}

/* Nearly always the place is the end. With pipelining the next request was sent long ago, often right behind
 * the previous one, and the connection can stay where it is. A request sent again has to search for its
 * place. */
void conn_list_place(struct conn_list *list, struct conn *c)
{
    if (c->list == list && (!c->after || c->after->deadline_ns >= c->deadline_ns))
        return;
    conn_list_remove(c);
    struct conn *before = list->last;
    while (before && before->deadline_ns > c->deadline_ns)
        before = before->before;
    insert(list, c, before);
}

size_t conn_tail_bytes(const struct plan_stream *stream)
{
    const struct plan_session *session = stream->session;
    size_t most = exchange_tail_bytes(&stream->expect);
    for (size_t i = 0; session && i < session->n_steps; i++) {
        const size_t n = exchange_tail_bytes(&session->steps[i].expect);
        most = n > most ? n : most;
    }
    return most;
}

size_t conn_bytes(const struct shard *shard)
{
    const size_t flights = shard->stream->in_flight_most * sizeof(struct flight);
    if (shard->muxes)
        return conn_aligned(sizeof(struct conn)) + mux_bytes(shard);
    return conn_aligned(sizeof(struct conn) + flights + conn_tail_bytes(shard->stream));
}

void conn_init(struct conn *c, struct shard *shard, uint32_t number)
{
    const bool has_tail = !shard->muxes && conn_tail_bytes(shard->stream) > 0;
    char *tail = has_tail ? (char *)&c->flights[shard->stream->in_flight_most] : NULL;
    memset(c, 0, sizeof *c);
    c->shard = shard;
    c->number = number;
    c->sock.fd = -1;
    c->watch.on_events = on_events;
    exchange_init(&c->exchange, &shard->stream->expect, tail, &shard->redirect);
    http1_init(&c->http1, &c->exchange.response, &shard->known);
    if (shard->muxes)
        mux_init(c, (char *)c + conn_aligned(sizeof *c));
}

void conn_fini(struct conn *c)
{
    if (c->mux)
        mux_fini(c);
    exchange_release(&c->room);
}

int conn_watch(struct conn *c)
{
    return poller_add(&c->shard->loop->poller, c->sock.fd, &c->watch, WATCHED);
}

void conn_go_on_later(struct conn *c)
{
    poller_remind(&c->shard->loop->poller, c->sock.fd, &c->watch, WATCHED);
}

/* Closes the socket. Events that the poller still delivers in this turn are ignored; conn_finish_close
 * follows after it. */
void conn_close(struct conn *c)
{
    struct shard *s = c->shard;
    s->route->transport.stop(&s->route->transport, &c->sock);
    if (c->list != &s->thinking) /* a thinking user goes on thinking when an idle connection closes */
        conn_list_remove(c);
    c->rest_bytes = 0;
    c->is_hung_up = c->is_mute = false;
    /* The last response must not leak into a request that fails before reconnecting. */
    conn_begin_exchange(c, false);
    c->rx_age_ns = UINT64_MAX;
    c->state = CONN_CLOSING;
    if (c->mux)
        mux_on_close(c);
    loop_note_closed(s->loop, &c->closed);
    if (c->sock.fd >= 0)
        close(c->sock.fd);
    c->sock.fd = -1;
}

void conn_close_in_order(struct conn *c)
{
    if (c->mux)
        mux_say_goodbye(c);
    conn_close(c);
}

void conn_finish_close(struct loop_closed *closed, uint64_t now_ns)
{
    struct conn *c = (struct conn *)(void *)((char *)closed - offsetof(struct conn, closed));
    c->state = CONN_CLOSED;
    shard_on_closed(c->shard, c, now_ns);
}

void conn_pop_flight(struct conn *c, struct flight *out)
{
    const uint32_t depth = c->shard->stream->in_flight_most;
    *out = *conn_flight(c, 0, depth);
    c->head = c->head + 1 < depth ? c->head + 1 : 0;
    c->n_flights--;
    if (c->n_written > 0)
        c->n_written--;
    c->shard->n_busy--;
}

/* Sends the rest of a request and those behind it; then there may be room for more. */
static void go_on_sending(struct conn *c)
{
    if (!(c->mux ? mux_flush(c) : conn_flush(c)))
        return;
    conn_send_pending(c);
    shard_on_room(c->shard, c, loop_now(c->shard->loop));
}

/* An OpenSSL read may wait until the socket is writable, so every event leads to a read; a write may wait
 * until it is readable, so one that was held up is retried after the read. */
static uint64_t exchange(struct conn *c, uint32_t events)
{
    const bool was_held_up = c->rest_bytes > 0;
    uint64_t now_ns = 0;
    if (was_held_up && (events & POLLER_WRITABLE))
        go_on_sending(c);
    if (c->state == CONN_READY)
        now_ns = conn_read(c);
    if (was_held_up && c->state == CONN_READY && c->rest_bytes > 0)
        go_on_sending(c);
    return now_ns;
}

static void on_events(struct poller_watch *watch, uint32_t events)
{
    conn_on_events((struct conn *)(void *)((char *)watch - offsetof(struct conn, watch)), events);
}

void conn_on_events(struct conn *c, uint32_t events)
{
    struct loop *l = c->shard->loop;
    /* Usually the clock is read once, after the read; only the event that woke the thread reads it before as
     * well. */
    const bool was_opening = c->state != CONN_READY;
    uint64_t now_ns = was_opening || !l->is_awake ? loop_now(l) : 0;

    if (c->state == CONN_CLOSED || c->state == CONN_CLOSING)
        return;
    if (events & POLLER_HUNG_UP)
        c->is_hung_up = true;
    if (c->state == CONN_CONNECTING)
        conn_finish_connect(c, now_ns);
    else if (c->state == CONN_HANDSHAKE)
        conn_shake_hands(c, now_ns);
    else
        now_ns = exchange(c, events);
    if (was_opening && c->state == CONN_READY &&
        (events & POLLER_READABLE)) { /* an edge is reported only once */
        mux_flush_unsent(l); /* requests first: if the peer ends every connection, they end with it */
        now_ns = exchange(c, events);
    }
    if (now_ns >= l->pacer.armed_ns)
        loop_run_due(l, 1, now_ns);
    mux_flush_unsent(l);
}
