#include "mux_parts.h"

#include <errno.h>
#include <string.h>

static size_t slot_bytes(const struct shard *s)
{
    return conn_aligned(sizeof(struct mux_slot) + conn_tail_bytes(s->stream));
}

size_t mux_bytes(const struct shard *s)
{
    return conn_aligned(sizeof(struct mux)) + conn_aligned(s->muxes->kind->bytes) +
           s->stream->in_flight_most * slot_bytes(s);
}

void mux_init(struct conn *c, char *place)
{
    const struct shard *s = c->shard;
    struct mux *m = c->mux = (struct mux *)(void *)place;
    memset(m, 0, sizeof *m);
    m->conn = c;
    m->http2 = (struct http2 *)(void *)(place + conn_aligned(sizeof *m));
    m->slots = (char *)m->http2 + conn_aligned(s->muxes->kind->bytes);
    m->slot_bytes = (uint32_t)slot_bytes(s);
}

void mux_fini(struct conn *c)
{
    if (c->mux->has_http2)
        mux_kind(c->mux)->fini(c->mux->http2);
    c->mux->has_http2 = false;
}

int mux_prepare(struct conn *c)
{
    struct mux *m = c->mux;
    const struct muxes *shared = mux_shared(m);
    if (m->has_http2)
        return 0;
    memset(m->http2, 0, shared->kind->bytes);
    m->http2->kind = shared->kind;
    if (shared->kind->init(m->http2, &shared->options)) {
        errno = ENOMEM;
        return -1;
    }
    m->has_http2 = true;
    return 0;
}

int mux_begin(struct conn *c)
{
    struct mux *m = c->mux;
    if (mux_kind(m)->begin(m->http2))
        return -1;
    m->has_begun = true;
    m->has_answered = m->is_draining = m->has_goaway_error = false;
    m->streams_most = c->shard->stream->in_flight_most;
    m->n_until_more = m->n_pauses = 0;
    m->n_peer_most = m->http2->n_peer_most;
    m->n_goaways = m->n_cancels = 0;
    m->heard_ns = m->held_up_ns = 0;
    mux_note_unsent(m);
    return 0;
}

/* Connections to a peer that ends them before it has answered anything are opened again after a pause. */
static void note_fruit(struct mux *m)
{
    m->n_fruitless = m->has_answered || m->conn->n_flights == 0 ? 0 : m->n_fruitless + 1;
    m->conn->n_failures = m->n_fruitless;
}

void mux_on_close(struct conn *c)
{
    struct mux *m = c->mux;
    if (!m->has_begun)
        return;
    mux_forget_refused(m);
    while (m->refused.first)
        mux_slot_wait(m, m->refused.first);
    while (m->unsent.first)
        mux_slot_wait(m, m->unsent.first);
    while (m->open.first)
        mux_slot_wait(m, m->open.first);
    mux_kind(m)->drop(m->http2);
    mux_count_open(m);
    note_fruit(m);
    m->has_begun = false;
}

/* A request on a connection that is being opened waits for that. */
const struct flight *mux_last_stranded(const struct conn *c)
{
    const struct mux *m = c->mux;
    if (__builtin_expect(!m->waiting.last, 1))
        return NULL;
    const bool is_ending = c->state == CONN_CLOSING || (c->state == CONN_READY && mux_takes_no_more(c->mux));
    return is_ending ? &m->waiting.last->flight : NULL;
}

void mux_give_back_last(struct conn *c)
{
    mux_slot_free(c->mux, c->mux->waiting.last);
    c->n_flights--;
    c->shard->n_busy--;
}

const struct flight *mux_first_waiting(const struct conn *c)
{
    return c->mux->waiting.first ? &c->mux->waiting.first->flight : NULL;
}
