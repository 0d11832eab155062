#include "mux_parts.h"

#include "clock.h"

/* How many more streams can be opened now. */
static uint32_t room_of(struct mux *m)
{
    struct conn *c = m->conn;
    if (c->state != CONN_READY || m->is_draining || c->is_mute || c->rest_bytes > 0 || conn_is_used_up(c) ||
        (m->http2->n_open > 0 && conn_is_withdrawn(c)))
        return 0;
    const uint32_t room = http2_room(m->http2, m->streams_most);
    const uint64_t limit = c->shard->stream->requests_per_connection;
    return limit == 0 || limit - c->n_on_conn >= room ? room : (uint32_t)(limit - c->n_on_conn);
}

bool mux_has_room(struct conn *c)
{
    const struct mux *m = c->mux;
    return m->waiting.n + m->refused.n == 0 && c->n_flights < c->shard->stream->in_flight_most &&
           room_of(c->mux) > 0;
}

/* Where a peer allows no stream at all, users wait on the connection, and time out. */
bool mux_may_take(struct conn *c)
{
    const struct mux *m = c->mux;
    const uint32_t most = c->shard->stream->in_flight_most;
    if (mux_n_users(m) >= most)
        return false;
    if (c->state != CONN_READY)
        return c->n_flights < HTTP2_STREAMS_UNTIL_SETTINGS;
    return m->http2->n_peer_most == 0 || mux_has_room(c);
}

/* The earliest deadline is looked at again when it has passed; a later one need not move the connection. */
static void be_busy(struct mux *m, const struct mux_slot *slot)
{
    struct conn *c = m->conn;
    struct shard *s = c->shard;
    if (c->state != CONN_READY || (c->list == &s->busy && c->deadline_ns <= slot->deadline_ns))
        return;
    c->deadline_ns = mux_deadline_ns(m);
    conn_list_place(&s->busy, c);
}

static void note_first(struct mux *m, struct flight *f)
{
    struct conn *c = m->conn;
    f->is_first = c->n_on_conn == 0;
    if (f->dispatched_ns < c->ready_ns) {
        const uint64_t from_ns = f->dispatched_ns > c->opened_ns ? f->dispatched_ns : c->opened_ns;
        f->setup_ns = c->ready_ns - from_ns;
    }
}

/* Opens its stream. False when memory is short: then the connection ends with what is open on it. */
static bool submit(struct mux *m, struct mux_slot *slot)
{
    struct http2_request rendered;
    const struct http2_request *request = muxes_request(mux_shared(m), m->conn, slot, &rendered);
    if (!request || mux_kind(m)->submit(m->http2, &slot->stream, request)) {
        m->is_draining = true;
        return false;
    }
    if (slot->flight.sent_ns == 0)
        note_first(m, &slot->flight);
    m->conn->n_on_conn++;
    mux_slot_move(&m->unsent, slot);
    be_busy(m, slot);
    mux_note_unsent(m);
    return true;
}

static struct mux_slot *first_unsubmitted(const struct mux *m)
{
    return m->refused.first ? m->refused.first : m->waiting.first;
}

void mux_send_pending(struct conn *c)
{
    struct mux *m = c->mux;
    struct mux_slot *slot;
    for (uint32_t room = first_unsubmitted(m) ? room_of(m) : 0; room > 0; room--)
        if (!(slot = first_unsubmitted(m)) || !submit(m, slot))
            break;
    if (!m->refused.first)
        mux_forget_refused(m);
    if (m->waiting.first)
        be_busy(m, m->waiting.first);
}

void mux_submit(struct conn *c, const struct flight *flight)
{
    struct mux *m = c->mux;
    struct mux_slot *slot = mux_slot_take(m);
    slot->flight = *flight;
    c->n_flights++;
    c->shard->n_busy++;
    if (m->waiting.n + m->refused.n == 0 && room_of(m) > 0) {
        mux_slot_find_deadline(m, slot);
        if (submit(m, slot))
            return;
    }
    mux_slot_wait(m, slot);
    mux_send_pending(c);
}

/* Moves the first unsent request to the open ones; nearly always its deadline is the latest. */
static void open_first(struct mux *m, struct mux_slot *slot)
{
    struct mux_slot *last = m->open.last;
    if (last && last->deadline_ns > slot->deadline_ns) {
        mux_slot_move(&m->open, slot);
        return;
    }
    m->unsent.first = slot->after;
    *(slot->after ? &slot->after->before : &m->unsent.last) = NULL;
    m->unsent.n--;
    slot->list = &m->open;
    slot->before = last;
    slot->after = NULL;
    *(last ? &last->after : &m->open.first) = slot;
    m->open.last = slot;
    m->open.n++;
}

void mux_note_sent(struct mux *m, struct mux_slot *slot, uint64_t now_ns)
{
    struct shard *s = m->conn->shard;
    struct flight *f = &slot->flight;
    if (f->sent_ns == 0) {
        f->sent_ns = now_ns;
        s->counts->n_sent++;
    } else {
        s->counts->again.n[f->again]++;
    }
    s->loop->stats->health.n_sends++;
}

/* The requests of this turn go out now, all in one write. */
static void stamp_unsent(struct mux *m)
{
    struct shard *s = m->conn->shard;
    const uint64_t now_ns = clock_monotonic_ns();
    for (struct mux_slot *slot; (slot = m->unsent.first) != NULL;) {
        slot->written_ns = now_ns;
        mux_note_sent(m, slot, now_ns);
        slot->deadline_ns = shard_deadline_ns(s, &slot->flight);
        open_first(m, slot);
    }
    mux_count_open(m);
    mux_count_held_up(m, now_ns);
}

/* Returns false when the kernel takes no more, a write has failed, or the rest is for the next turn. */
static bool write_queued(struct mux *m)
{
    struct conn *c = m->conn;
    struct shard *s = c->shard;
    const struct http2_kind *kind = mux_kind(m);
    const char *bytes;
    size_t n_written = 0;
    for (size_t n; (n = kind->pending(m->http2, &bytes)) > 0;) {
        if (__builtin_expect(n_written >= CONN_WRITE_MOST_BYTES, 0)) {
            c->rest_bytes = n;
            conn_go_on_later(c);
            return false;
        }
        const ssize_t written = s->route->transport.write(&c->sock, bytes, n);
        if (written > 0) {
            kind->wrote(m->http2, (size_t)written);
            n_written += (size_t)written;
            shard_bytes(s)->tx += (uint64_t)written;
        } else if (written == TRANSPORT_WANT_WRITE || written == TRANSPORT_WANT_READ) {
            c->rest_bytes = n;
            return false;
        } else {
            /* The peer may have answered before it closed: its responses are read first, in the next turn. */
            c->is_mute = true;
            conn_go_on_later(c);
            return false;
        }
    }
    return true;
}

bool mux_flush(struct conn *c)
{
    struct mux *m = c->mux;
    const bool was_held_up = c->rest_bytes > 0;
    if (c->state != CONN_READY || c->is_mute)
        return false;
    c->rest_bytes = 0;
    if (m->unsent.first)
        stamp_unsent(m);
    const bool is_all = write_queued(m);
    if (__builtin_expect(m->http2->n_held_up > 0, 0) && m->held_up_ns == 0)
        m->held_up_ns = clock_monotonic_ns();
    if (is_all)
        return true;
    c->shard->counts->n_large += !was_held_up;
    return false;
}

/* While the kernel takes no more, the poller's event leads to the next write. */
void mux_flush_all(struct loop *l)
{
    struct loop_unsent *unsent;
    while ((unsent = loop_take_unsent(l)) != NULL) {
        struct mux *m = (struct mux *)(void *)((char *)unsent - offsetof(struct mux, unsent_link));
        if (m->conn->rest_bytes == 0)
            mux_flush(m->conn);
    }
}
