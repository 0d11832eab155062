/* Requests that the peer refused without processing them (RFC 9113 section 8.7): each is sent again when
 * there is room, else after 1 ms, twice as long each time until a response arrives, until it times out. Room
 * is what was open beside it, some of which may have been answered in the same read: the peer wants no more.
 */
#include "mux_parts.h"

#include "units.h"

enum { DOUBLINGS_MOST = 10 };

static void remember(struct mux *m)
{
    struct muxes *shared = mux_shared(m);
    if (m->is_among_refused)
        return;
    m->is_among_refused = true;
    m->refused_before = NULL;
    m->refused_after = shared->refused_first;
    if (shared->refused_first)
        shared->refused_first->refused_before = m;
    shared->refused_first = m;
}

void mux_forget_refused(struct mux *m)
{
    struct muxes *shared = mux_shared(m);
    if (!m->is_among_refused)
        return;
    m->is_among_refused = false;
    m->streams_most += m->streams_most == 0; /* they timed out, or were sent */
    if (m->refused_before)
        m->refused_before->refused_after = m->refused_after;
    else
        shared->refused_first = m->refused_after;
    if (m->refused_after)
        m->refused_after->refused_before = m->refused_before;
}

/* They wait as all others do, which go to other connections, or to this one when it is open again. */
void mux_strand_refused(struct mux *m)
{
    if (!m->refused.first || !mux_takes_no_more(m))
        return;
    while (m->refused.first)
        mux_slot_wait(m, m->refused.first);
    mux_forget_refused(m);
}

void mux_refuse(struct mux *m, struct mux_slot *slot, uint64_t now_ns)
{
    struct muxes *shared = mux_shared(m);
    m->conn->shard->counts->http2.n_refused++;
    slot->flight.again = AGAIN_REFUSED;
    m->n_beside--;
    if (m->n_beside < m->streams_most)
        m->streams_most = m->n_beside;
    m->n_until_more = m->streams_most > 0 ? m->streams_most : 1;
    slot->again_ns = now_ns + (NS_PER_MS << m->n_pauses);
    mux_slot_wait(m, slot); /* finds its deadline */
    mux_slot_move(&m->refused, slot);
    remember(m);
    if (slot->again_ns < shared->again.due_ns) {
        shared->again.due_ns = slot->again_ns;
        loop_rearm(m->conn->shard->loop);
    }
}

/* Those whose time has come wait for room, of which there is enough. Returns when the next one's time comes.
 */
static uint64_t end_pauses(struct mux *m, uint64_t now_ns)
{
    uint64_t next_ns = UINT64_MAX;
    bool has_ended = false;
    for (struct mux_slot *slot = m->refused.first, *after; slot; slot = after) {
        after = slot->after;
        if (slot->again_ns <= now_ns) {
            has_ended = true;
            mux_slot_wait(m, slot);
            m->streams_most += m->streams_most < m->conn->shard->stream->in_flight_most;
            m->n_until_more = m->streams_most;
        } else if (slot->again_ns < next_ns) {
            next_ns = slot->again_ns;
        }
    }
    m->n_pauses += has_ended && m->n_pauses < DOUBLINGS_MOST;
    return next_ns;
}

void mux_on_again(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns)
{
    struct muxes *shared = muxes_of(timer);
    (void)n_most;
    timer->due_ns = UINT64_MAX;
    for (struct mux *m = shared->refused_first, *after; m; m = after) {
        after = m->refused_after;
        const uint64_t next_ns = end_pauses(m, now_ns);
        if (next_ns < timer->due_ns)
            timer->due_ns = next_ns;
        mux_send_pending(m->conn);
    }
}
