#include "conn_parts.h"

#include "mux.h"
#include "shard.h"

bool conn_flush(struct conn *c)
{
    struct shard *s = c->shard;
    for (size_t left = CONN_WRITE_MOST_BYTES; c->rest_bytes > 0;) {
        if (left == 0) {
            conn_go_on_later(c);
            return false;
        }
        const size_t most = c->rest_bytes < left ? c->rest_bytes : left;
        const ssize_t n = s->route->transport.write(&c->sock, c->rest, most);
        if (n > 0) {
            left -= (size_t)n;
            c->rest += n;
            c->rest_bytes -= (size_t)n;
            shard_bytes(s)->tx += (uint64_t)n;
        } else if (n == TRANSPORT_WANT_WRITE || n == TRANSPORT_WANT_READ) {
            return false;
        } else {
            /* The peer may have answered before it closed: its response is read first, in the next turn. */
            c->rest_bytes = 0;
            c->is_mute = true;
            conn_go_on_later(c);
            return false;
        }
    }
    return true;
}

/* Users share the room for their requests: what the kernel has not taken is copied. */
static void keep_rest(struct conn *c)
{
    if (exchange_keep(&c->room, c->rest, c->rest_bytes)) {
        c->rest_bytes = 0; /* the server waits for the rest until the request times out */
        c->is_mute = true;
    }
    c->rest = c->room.bytes;
}

static void send_flight(struct conn *c, struct flight *f)
{
    struct shard *s = c->shard;
    size_t length;
    const char *bytes =
        s->users ? user_request(c, &c->exchange, &length)
                 : exchange_request(&c->room, s->loop->plan, s->stream, f->request, f->seq, &length);
    const uint64_t now_ns = clock_monotonic_ns();

    if (f->sent_ns == 0) {
        f->sent_ns = now_ns;
        s->counts->n_sent++;
        f->is_first = c->n_on_conn == 0;
        if (f->is_first && f->dispatched_ns < c->ready_ns) {
            const uint64_t from_ns = f->dispatched_ns > c->opened_ns ? f->dispatched_ns : c->opened_ns;
            f->setup_ns = c->ready_ns - from_ns;
        }
    } else {
        s->counts->again.n[f->again]++;
    }
    c->n_on_conn++;
    s->loop->stats->health.n_sends++;
    c->rest = bytes;
    c->rest_bytes = length;
    if (c->n_written++ == 0)
        conn_await_head(c);
    if (conn_flush(c) || c->rest_bytes == 0)
        return;
    s->counts->n_large++;
    if (s->users)
        keep_rest(c);
}

/* Requests taken up by a used-up connection wait for the next one. So do those behind requests in flight on a
 * connection that cannot send any more or whose address was withdrawn. */
static bool can_carry_more(struct conn *c)
{
    return c->state == CONN_READY && c->rest_bytes == 0 && !c->is_mute && !conn_is_used_up(c) &&
           !(c->n_written > 0 && conn_is_withdrawn(c));
}

bool conn_has_room(struct conn *c)
{
    if (c->mux)
        return mux_has_room(c);
    return c->n_written == c->n_flights && c->n_flights < c->shard->stream->in_flight_most &&
           can_carry_more(c);
}

static void send_pending(struct conn *c)
{
    const uint32_t depth = c->shard->stream->in_flight_most;
    while (c->n_written < c->n_flights && can_carry_more(c))
        send_flight(c, conn_flight(c, c->n_written, depth));
}

void conn_send_pending(struct conn *c)
{
    if (c->mux)
        mux_send_pending(c);
    else
        send_pending(c);
}

static bool is_stale(struct conn *c, uint64_t now_ns)
{
    const uint64_t limit_ns = c->shard->stream->idle_limit_ns;
    return c->n_flights == 0 &&
           ((limit_ns > 0 && c->n_on_conn > 0 && now_ns > c->since_ns + limit_ns) || conn_is_withdrawn(c));
}

void conn_submit(struct conn *c, const struct flight *flight, uint64_t now_ns)
{
    struct shard *s = c->shard;
    const uint32_t depth = s->stream->in_flight_most;
    if (c->state == CONN_READY && __builtin_expect(is_stale(c, now_ns), 0))
        conn_close_in_order(c);
    if (__builtin_expect(c->mux != NULL, 0)) {
        mux_submit(c, flight);
        return;
    }
    *conn_flight(c, c->n_flights++, depth) = *flight;
    s->n_busy++;
    if (c->state == CONN_READY)
        send_pending(c);
}
