#include "mux_parts.h"

static uint32_t greater(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

void mux_count_open(struct mux *m)
{
    struct http2_counts *counts = &m->conn->shard->counts->http2;
    struct muxes *shared = mux_shared(m);
    const struct http2 *h = m->http2;
    shared->n_open += (uint64_t)h->n_open - m->n_counted;
    m->n_counted = h->n_open;
    counts->n_open_most = greater(counts->n_open_most, h->n_open);
    if (shared->n_open > counts->n_in_use_most)
        counts->n_in_use_most = shared->n_open;
    if (h->has_settings)
        http2_counts_note_limit(counts, h->n_peer_most);
}

void mux_count_blocked(struct mux *m, uint64_t now_ns)
{
    if (m->held_up_ns && now_ns > m->held_up_ns)
        m->conn->shard->counts->http2.blocked_ns += now_ns - m->held_up_ns;
    if (m->http2->n_held_up == 0)
        m->held_up_ns = 0;
    else if (now_ns > m->held_up_ns)
        m->held_up_ns = now_ns;
}

/* Streams may be open, and bodies held up, for all of an interval in which nothing happens to them. */
void mux_count_interval(struct shard *s, uint64_t end_ns)
{
    for (uint32_t i = 0; i < s->n_conns; i++) {
        struct mux *m = shard_conn(s, i)->mux;
        if (!m->has_begun)
            continue;
        mux_count_open(m);
        mux_count_held_up(m, end_ns);
    }
}

void mux_count_new_goaways(struct mux *m)
{
    struct http2_counts *counts = &m->conn->shard->counts->http2;
    counts->n_goaways += m->n_goaways == 0; /* a graceful end sends two (section 6.8) */
    m->n_goaways = m->http2->n_goaways;
    if (m->http2->goaway_code == HTTP2_NO_ERROR)
        return;
    counts->n_goaway_errors += !m->has_goaway_error;
    m->has_goaway_error = true;
    counts->goaway_error = m->http2->goaway_code;
}

void mux_count_reset(struct mux *m, uint32_t code)
{
    const uint32_t at = code < HTTP2_N_CODES ? code : HTTP2_N_CODES;
    m->conn->shard->counts->http2.n_resets[at]++;
}
