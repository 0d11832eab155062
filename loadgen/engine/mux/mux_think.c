#include "mux_parts.h"

void mux_begin_thinking(struct conn *c, uint64_t now_ns)
{
    struct mux *m = c->mux;
    for (uint32_t n = mux_n_users(m); n < c->shard->stream->in_flight_most; n++, m->n_thinking++)
        think_queue_put(&mux_shared(m)->thinking, c, now_ns);
}

uint64_t mux_thinking_since_ns(const struct shard *s)
{
    return think_queue_since_ns(&s->muxes->thinking);
}

struct conn *mux_end_thinking(struct shard *s)
{
    struct conn *c = think_queue_take(&s->muxes->thinking);
    c->mux->n_thinking--;
    return c;
}

void mux_stop_thinking(struct shard *s)
{
    while (s->muxes && s->muxes->thinking.n > 0)
        mux_end_thinking(s);
}
