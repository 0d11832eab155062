#include "conn_parts.h"

#include "account.h"
#include "mux.h"
#include "plan.h"
#include "shard.h"

enum { /* per turn: a large body must not hold up the other connections */
       READS_MOST = 4,
       PENDING_READS_MOST = 32, /* of TLS records that are in user space, 16 KiB each */
};

/* A limit on requests per connection closes it after the response to the last one. A response to a request
 * that is still being written, or could not be, closes it too: it is unknown whether the server will read the
 * rest. These reasons and a withdrawn address wait until no response is outstanding. Requests behind a
 * response that closes will not be served (RFC 9112 section 9.6) and go to the next connection. */
static bool must_close(struct conn *c)
{
    if (!c->http1.keeps_alive)
        return true;
    const bool has_unanswered = c->n_written > 0;
    return !has_unanswered && (conn_is_used_up(c) || c->rest_bytes > 0 || c->is_mute || conn_is_withdrawn(c));
}

void conn_await_head(struct conn *c)
{
    const struct flight *f = conn_flight(c, 0, c->shard->stream->in_flight_most);
    conn_begin_exchange(c, f->request->is_head);
    c->deadline_ns = shard_deadline_ns(c->shard, f);
    conn_list_place(&c->shard->busy, c);
}

/* What was written behind the last answer goes to the next connection. */
static void leave_written(struct conn *c)
{
    for (uint32_t i = 0; i < c->n_written; i++)
        conn_flight(c, i, c->shard->stream->in_flight_most)->again = AGAIN_CLOSED;
    c->n_written = 0;
}

/* The response to the oldest request is complete. */
static void finish_response(struct conn *c, uint64_t now_ns)
{
    struct shard *s = c->shard;
    enum outcome outcome = exchange_outcome(&c->exchange);
    const char *cause = outcome == OUTCOME_OK ? NULL : exchange_cause(&c->exchange);
    struct flight f;

    if (s->users)
        user_answered(c, &c->exchange, &outcome, &cause, now_ns);
    conn_pop_flight(c, &f);
    account_done(c, &f, &c->exchange, outcome, cause, now_ns);
    c->since_ns = now_ns;
    if (must_close(c)) {
        leave_written(c);
        conn_close(c);
    } else if (c->n_written > 0) {
        conn_await_head(c);
    } else {
        conn_list_remove(c);
    }
    shard_on_done(s, c, now_ns);
}

/* Bytes outside any response: a Content-Length that is too short, or a server that has lost count (RFC 9112
 * section 6.3). Earlier responses count; nothing that follows on this connection can be trusted. */
static const char stray_bytes[] = "more bytes than the response's length; the connection was closed";

/* The last response in flight is complete, followed by `n_behind` bytes. */
static void finish_last(struct conn *c, const char *behind, size_t n_behind, uint64_t now_ns)
{
    if (http1_blank_bytes(behind, n_behind) < n_behind) {
        account_stray_bytes(c->shard, stray_bytes);
        c->http1.keeps_alive = false;
    }
    finish_response(c, now_ns);
}

/* On a reused connection, bytes that are no HTTP response belong to the previous one. */
static void end_at_broken_response(struct conn *c, uint64_t now_ns)
{
    const bool is_reused = c->n_on_conn > c->n_written;
    if (is_reused && http1_is_stray(&c->http1)) {
        account_stray_bytes(c->shard, stray_bytes);
        c->exchange.first_ns = 0; /* no response has begun */
        conn_end_broken(c, OUTCOME_PROTOCOL, stray_bytes, now_ns);
    } else {
        conn_end_head(c, OUTCOME_PROTOCOL, exchange_cause(&c->exchange), now_ns);
    }
}

/* With nothing in flight, or before the first byte of a response, line ends are ignored. */
static void feed(struct conn *c, const char *data, size_t length, uint64_t now_ns)
{
    while (length > 0 && c->state == CONN_READY) {
        size_t used;
        if (c->n_written == 0) { /* no response is expected */
            if (http1_blank_bytes(data, length) < length) {
                account_stray_bytes(c->shard, stray_bytes);
                conn_close(c);
            }
            return;
        }
        const enum http1_state state = http1_feed(&c->http1, data, length, &used);
        if (c->exchange.first_ns == 0 && c->http1.has_begun)
            c->exchange.first_ns = now_ns;
        if (state == HTTP1_MORE)
            return;
        if (state == HTTP1_BROKEN) {
            end_at_broken_response(c, now_ns);
            return;
        }
        data += used;
        length -= used;
        if (c->n_written > 1) {
            finish_response(c, now_ns);
        } else {
            finish_last(c, data, length, now_ns);
            return;
        }
    }
}

static void end_broken(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    if (c->mux)
        mux_end_broken(c, outcome, cause, now_ns);
    else
        conn_end_broken(c, outcome, cause, now_ns);
}

/* The peer closed in order, which may end a body (RFC 9112 section 6.3). */
static void on_end_of_stream(struct conn *c, uint64_t now_ns)
{
    if (!c->mux && c->n_written > 0 && http1_end(&c->http1) == HTTP1_DONE) {
        finish_response(c, now_ns);
        return;
    }
    end_broken(c, OUTCOME_RESET, "connection closed by the peer", now_ns);
}

static void note_rx_age(struct conn *c, uint64_t now_ns)
{
    const uint64_t stamp_ns = c->sock.rx_realtime_ns;
    const uint64_t now_realtime_ns = now_ns + (uint64_t)c->shard->loop->realtime_offset_ns;
    c->rx_age_ns = stamp_ns == 0 ? UINT64_MAX : now_realtime_ns > stamp_ns ? now_realtime_ns - stamp_ns : 0;
}

/* The poller reports the end of the peer's side, and that there is something to read, only once. */
static bool has_more(const struct conn *c)
{
    return c->sock.may_have_more || c->is_hung_up;
}

uint64_t conn_read(struct conn *c)
{
    struct loop *l = c->shard->loop;
    const struct transport *t = &c->shard->route->transport;
    uint64_t now_ns;
    unsigned n_reads = 0;
    bool has_pending;
    /* TLS may first give bytes that came with the handshake: the socket can hold newer ones. */
    c->sock.may_have_more = true;
    do {
        const ssize_t n = t->read(&c->sock, l->buffer, sizeof l->buffer);
        now_ns = loop_now(l);
        if (n > 0) {
            shard_bytes(c->shard)->rx += (uint64_t)n;
            note_rx_age(c, now_ns);
            if (__builtin_expect(c->mux != NULL, 0))
                mux_feed(c, l->buffer, (size_t)n, now_ns);
            else
                feed(c, l->buffer, (size_t)n, now_ns);
        } else if (n == TRANSPORT_WANT_READ || n == TRANSPORT_WANT_WRITE) {
            return now_ns;
        } else if (n == TRANSPORT_END) {
            on_end_of_stream(c, now_ns);
        } else {
            end_broken(c, n == TRANSPORT_TLS_FAILED ? OUTCOME_TLS : OUTCOME_RESET,
                       c->sock.cause ? c->sock.cause : "connection failed", now_ns);
        }
        n_reads++;
        has_pending = c->state == CONN_READY && t->has_pending(&c->sock);
    } while (has_pending ? n_reads < PENDING_READS_MOST
                         : c->state == CONN_READY && n_reads < READS_MOST && has_more(c));
    if (c->state == CONN_READY && (has_pending || has_more(c)))
        conn_go_on_later(c);
    return now_ns;
}
