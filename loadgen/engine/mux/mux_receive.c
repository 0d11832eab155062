#include "mux_parts.h"

#include "account.h"
#include "http2_code.h"

void mux_end_slot(struct mux *m, struct mux_slot *slot, enum outcome outcome, const char *cause,
                  uint64_t now_ns)
{
    struct conn *c = m->conn;
    if (slot->list == &m->waiting) /* the exchange is still that of an earlier request */
        exchange_begin(&slot->stream.exchange, false);
    if (c->shard->users)
        user_answered(c, &slot->stream.exchange, &outcome, &cause, now_ns);
    account_done(c, &slot->flight, &slot->stream.exchange, outcome, cause, now_ns);
    mux_slot_free(m, slot);
    c->n_flights--;
    c->shard->n_busy--;
}

/* After a refusal, room grows back as on a path that has lost a packet: by one stream each time that as many
 * responses have arrived as may be open. */
static void grow(struct mux *m)
{
    if (m->streams_most == m->conn->shard->stream->in_flight_most || --m->n_until_more > 0)
        return;
    m->streams_most++;
    m->n_until_more = m->streams_most;
}

static void end_answered(struct mux *m, struct mux_slot *slot, uint64_t now_ns)
{
    const struct exchange *x = &slot->stream.exchange;
    const enum outcome outcome = exchange_outcome(x);
    m->has_answered = true;
    m->n_pauses = 0;
    mux_end_slot(m, slot, outcome, outcome == OUTCOME_OK ? NULL : exchange_cause(x), now_ns);
    grow(m);
}

static void end_reset(struct mux *m, struct mux_slot *slot, uint64_t now_ns)
{
    const uint32_t code = slot->stream.code;
    m->has_answered = true;
    mux_count_reset(m, code);
    mux_end_slot(m, slot, http2_reset_outcome(code), http2_reset_cause(code), now_ns);
}

/* One that was submitted in this turn goes out although the peer will not act on it, unless the connection
 * closes before, as it does when nothing else is open on it. */
static void leave_unprocessed(struct mux *m, struct mux_slot *slot, uint64_t now_ns)
{
    const bool is_unsent = slot->list == &m->unsent;
    if (is_unsent && m->http2->n_open > 0)
        mux_note_sent(m, slot, now_ns);
    if (!is_unsent || m->http2->n_open > 0) {
        m->conn->shard->counts->http2.n_unprocessed++;
        slot->flight.again = AGAIN_UNPROCESSED;
    }
    mux_slot_wait(m, slot);
}

/* Returns whether the request has ended; else it is sent again. */
static bool end_stream(struct mux *m, struct mux_slot *slot, uint64_t now_ns)
{
    switch (slot->stream.end) {
    case HTTP2_UNPROCESSED:
        leave_unprocessed(m, slot, now_ns);
        return false;
    case HTTP2_REFUSED:
        mux_refuse(m, slot, now_ns);
        return false;
    case HTTP2_RESET:
        end_reset(m, slot, now_ns);
        return true;
    case HTTP2_MALFORMED:
        m->has_answered = true;
        mux_end_slot(m, slot, OUTCOME_PROTOCOL, exchange_cause(&slot->stream.exchange), now_ns);
        return true;
    case HTTP2_OPEN:
    case HTTP2_DONE:
        break;
    }
    end_answered(m, slot, now_ns);
    return true;
}

/* What counts as sent goes out now, as the next bytes may close the connection. */
static uint32_t end_streams(struct mux *m, uint64_t now_ns)
{
    const uint32_t n_unsent = m->unsent.n;
    uint32_t n_ended = 0;
    for (struct http2_stream *stream; (stream = http2_take_ended(m->http2)) != NULL;)
        n_ended += end_stream(m, (struct mux_slot *)(void *)stream, now_ns);
    if (__builtin_expect(m->unsent.n < n_unsent, 0) && m->http2->n_open > 0)
        mux_flush(m->conn);
    return n_ended;
}

bool mux_takes_no_more(struct mux *m)
{
    struct conn *c = m->conn;
    return m->http2->is_going_away || m->http2->is_used_up || m->is_draining || c->is_mute ||
           conn_is_used_up(c) || conn_is_withdrawn(c);
}

/* Where each connection carries one request, that is no event. */
static void count_end(struct mux *m)
{
    struct shard *s = m->conn->shard;
    const bool is_by_count = s->stream->requests_per_connection > 1 && conn_is_used_up(m->conn);
    s->counts->http2.n_ended_by_count += is_by_count && !m->http2->is_going_away;
}

void mux_settle(struct mux *m)
{
    if (m->conn->state != CONN_READY || m->http2->n_open > 0 || !mux_takes_no_more(m))
        return;
    count_end(m);
    conn_close_in_order(m->conn);
}

/* The peer allows more streams than when we last looked, or fewer. */
static bool has_new_limit(struct mux *m)
{
    const bool is_new = m->n_peer_most != m->http2->n_peer_most;
    m->n_peer_most = m->http2->n_peer_most;
    return is_new;
}

void mux_go_on(struct mux *m, bool has_ended, uint64_t now_ns)
{
    struct conn *c = m->conn;
    mux_strand_refused(m);
    if (c->state == CONN_READY)
        mux_send_pending(c);
    if (has_ended || mux_last_stranded(c))
        shard_on_done(c->shard, c, now_ns);
    else if (has_new_limit(m))
        shard_on_room(c->shard, c, now_ns);
}

/* The request that broke the connection; the oldest one, where that is unknown. NULL: none is open. */
static const struct mux_slot *find_breaker(const struct mux *m)
{
    const struct mux_slot *slot = m->open.first;
    while (slot && slot->stream.id != m->http2->broken_by)
        slot = slot->after;
    return slot ? slot : m->open.first;
}

/* The peer broke the rules of the connection; our GOAWAY is queued. Behind requests of this turn it is not
 * sent: they would be sent with it, although the connection is lost. */
static uint32_t end_broken(struct mux *m, uint64_t now_ns)
{
    const char *cause = m->http2->cause ? m->http2->cause : "HTTP/2 connection error";
    const struct mux_slot *failed = find_breaker(m);
    if (!failed)
        account_stray_bytes(m->conn->shard, cause);
    if (!m->unsent.first)
        mux_flush(m->conn);
    return mux_lose(m, failed, OUTCOME_PROTOCOL, cause, now_ns);
}

void mux_feed(struct conn *c, const char *data, size_t length_bytes, uint64_t now_ns)
{
    struct mux *m = c->mux;
    m->n_beside = m->http2->n_open;
    const int status = mux_kind(m)->feed(m->http2, data, length_bytes, now_ns);
    uint32_t n_ended = end_streams(m, now_ns);
    m->heard_ns = now_ns;
    mux_count_goaways(m);
    mux_count_held_up(m, now_ns);
    if (n_ended > 0)
        c->since_ns = now_ns;
    if (status)
        n_ended += end_broken(m, now_ns);
    else
        mux_settle(m);
    if (c->state == CONN_READY)
        mux_note_unsent(m);
    mux_go_on(m, n_ended > 0, now_ns);
}
