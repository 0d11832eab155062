/* How requests end with their connection. What was not written yet waits for the next one. A request that has
 * been written may or may not have been processed: it is sent again if it may be repeated (RFC 9110 section
 * 9.2.2) and no byte of its response has arrived; only once where no request of the connection ended it. The
 * request that did fails. */
#include "mux_parts.h"

#include "account.h"

static const char timed_out[] = "no complete response in time";
static const char ended_by_another[] = "another request ended the connection";

bool mux_may_be_repeated(const struct mux_slot *slot)
{
    return slot->stream.exchange.first_ns == 0 && !slot->flight.is_retry &&
           conn_may_be_repeated(&slot->flight);
}

/* What ends the connection for the requests on it. */
struct loss {
    const struct mux_slot *failed; /* the request that broke it; NULL: none */
    enum outcome outcome;
    const char *cause;
    bool is_event; /* neither a request nor a time-out ended it */
    enum again again;
};

/* Returns whether it ended. */
static bool lose_slot(struct mux *m, struct mux_slot *slot, const struct loss *loss, uint64_t now_ns)
{
    if (now_ns >= slot->deadline_ns) {
        mux_end_slot(m, slot, OUTCOME_TIMEOUT, timed_out, now_ns);
    } else if (slot == loss->failed) {
        mux_end_slot(m, slot, loss->outcome, loss->cause, now_ns);
    } else if (!mux_may_be_repeated(slot)) {
        mux_end_slot(m, slot, OUTCOME_RESET, loss->failed ? ended_by_another : loss->cause, now_ns);
    } else {
        slot->flight.is_retry |= loss->is_event;
        slot->flight.again = (uint8_t)loss->again;
        mux_slot_wait(m, slot);
        return false;
    }
    return true;
}

uint32_t mux_lose(struct mux *m, const struct mux_slot *failed, enum outcome outcome, const char *cause,
                  uint64_t now_ns)
{
    uint32_t n_ended = 0;
    const bool is_event = !failed && outcome != OUTCOME_TIMEOUT;
    const struct loss loss = { .failed = failed,
                               .outcome = outcome,
                               .cause = cause,
                               .is_event = is_event,
                               .again = is_event ? AGAIN_IDLE
                                        : failed ? AGAIN_BROKEN
                                                 : AGAIN_TIMEOUT };
    mux_count_held_up(m, now_ns);
    for (struct mux_slot *slot; (slot = m->open.first) != NULL;) {
        const bool has_ended = lose_slot(m, slot, &loss, now_ns);
        n_ended += has_ended;
        if (!has_ended && loss.is_event)
            account_reset_idle(m->conn->shard, &slot->flight, cause);
    }
    conn_close(m->conn);
    return n_ended;
}

/* On a connection that has answered before, no request fails that may be repeated. */
void mux_end_broken(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    struct mux *m = c->mux;
    const struct mux_slot *failed = m->has_answered ? NULL : m->open.first;
    const uint32_t n_ended = mux_lose(m, failed, outcome, cause, now_ns);
    mux_go_on(m, n_ended > 0, now_ns);
}

/* Nothing is written behind what the kernel does not take, nor behind requests that would go out with it. */
void mux_say_goodbye(struct conn *c)
{
    struct mux *m = c->mux;
    if (c->state != CONN_READY || c->is_mute || c->rest_bytes > 0 || m->unsent.first ||
        m->http2->is_going_away)
        return;
    mux_kind(m)->say_goodbye(m->http2);
    mux_flush(c);
}

void mux_fail(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    struct mux *m = c->mux;
    struct mux_list *const lists[] = { &m->open, &m->unsent, &m->refused, &m->waiting };
    const bool has_some = c->n_flights > 0;
    mux_say_goodbye(c);
    if (m->has_begun)
        mux_count_held_up(m, now_ns);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        while (lists[i]->first)
            mux_end_slot(m, lists[i]->first, outcome, cause, now_ns);
    if (c->state == CONN_READY || c->state == CONN_CONNECTING || c->state == CONN_HANDSHAKE)
        conn_close(c);
    if (has_some)
        shard_on_done(c->shard, c, now_ns);
}
