/* Requests that time out. An open stream is cancelled, and the connection lives: others share it. It is
 * closed when nothing at all has arrived since the request was written, or after many cancels, or when the
 * peer does not take what is written: nothing can be sent on it, not even the cancel. */
#include "mux_parts.h"

bool mux_is_overdue(const struct conn *c, uint64_t now_ns)
{
    const struct mux_slot *first = c->mux->waiting.first;
    return first && now_ns >= first->deadline_ns && now_ns >= shard_deadline_ns(c->shard, &first->flight);
}

static bool is_overdue(const struct mux_slot *slot, uint64_t now_ns)
{
    return slot && now_ns >= slot->deadline_ns;
}

static void end(struct mux *m, struct mux_slot *slot, const char *cause, uint64_t now_ns)
{
    m->is_draining = m->is_draining || m->conn->rest_bytes > 0;
    mux_end_slot(m, slot, OUTCOME_TIMEOUT, cause, now_ns);
}

static void cancel(struct mux *m, struct mux_slot *slot, uint64_t now_ns)
{
    mux_kind(m)->cancel(m->http2, &slot->stream);
    m->conn->shard->counts->http2.n_cancels++;
    m->is_draining = ++m->n_cancels >= MUX_CANCELS_MOST || m->is_draining;
    end(m, slot, "no complete response in time", now_ns);
}

/* Returns how many requests ended. Those of a connection that is not ready only wait. */
static uint32_t end_overdue(struct mux *m, uint64_t now_ns)
{
    const uint32_t n = m->conn->n_flights;
    while (is_overdue(m->open.first, now_ns))
        cancel(m, m->open.first, now_ns);
    while (is_overdue(m->unsent.first, now_ns))
        cancel(m, m->unsent.first, now_ns);
    while (is_overdue(m->refused.first, now_ns))
        end(m, m->refused.first, "refused until it timed out", now_ns);
    while (is_overdue(m->waiting.first, now_ns))
        end(m, m->waiting.first, "timed out while waiting for a stream", now_ns);
    if (!m->refused.first)
        mux_forget_refused(m);
    return n - m->conn->n_flights;
}

static bool is_silent(const struct mux *m, uint64_t now_ns)
{
    const struct mux_slot *oldest = m->open.first;
    return is_overdue(oldest, now_ns) && m->heard_ns < oldest->written_ns;
}

/* Whether all that are open have timed out or can be sent again. If not, the connection only takes no more.
 */
static bool can_be_lost(const struct mux *m, uint64_t now_ns)
{
    for (const struct mux_slot *slot = m->open.first; slot; slot = slot->after)
        if (!is_overdue(slot, now_ns) && !mux_may_be_repeated(slot))
            return false;
    return true;
}

/* Returns how many requests ended. */
static uint32_t end_silence(struct mux *m, uint64_t now_ns)
{
    if (can_be_lost(m, now_ns))
        return mux_lose(m, NULL, OUTCOME_TIMEOUT, "an earlier request timed out", now_ns);
    m->is_draining = true;
    return 0;
}

/* The connection's deadline was that of a request that may have ended long ago. */
static void find_next(struct mux *m)
{
    struct conn *c = m->conn;
    if (c->state != CONN_READY)
        return;
    if (c->n_flights == 0) {
        conn_list_remove(c);
        return;
    }
    c->deadline_ns = mux_deadline_ns(m);
    conn_list_place(&c->shard->busy, c);
}

/* No request needs the connection any more: the shard decides anew, as over HTTP/1.1. */
static void give_up_opening(struct conn *c)
{
    if (c->n_flights == 0 && (c->state == CONN_CONNECTING || c->state == CONN_HANDSHAKE))
        conn_close(c);
}

void mux_time_out(struct conn *c, uint64_t now_ns)
{
    struct mux *m = c->mux;
    uint32_t n_ended = 0;
    if (c->state == CONN_READY && is_silent(m, now_ns))
        n_ended = end_silence(m, now_ns);
    n_ended += end_overdue(m, now_ns);
    find_next(m);
    give_up_opening(c);
    if (n_ended == 0)
        return;
    if (c->state == CONN_READY) {
        mux_count_held_up(m, now_ns);
        mux_note_unsent(m);
        mux_settle(m);
    }
    mux_go_on(m, true, now_ns);
}
