/* Closed model: the users of a connection that takes no more requests do not wait for the slowest answer on
 * it. As their requests end they go on with its heir, a connection that is opened in its place, while the old
 * one answers what it has and closes; as clients do to whom a GOAWAY comes. Together the two have as many
 * users as one connection, so that the load is the same. An heir may get one itself. Old connections are used
 * again as heirs; when there is none left, users wait. */
#include "mux_parts.h"

/* It still has something open, so that it cannot be opened again at once. */
static bool is_leaving(struct mux *m)
{
    return m->conn->state == CONN_READY && m->http2->n_open > 0 && mux_takes_no_more(m);
}

/* Whether a user would send on an heir of it now. */
static bool is_needed(const struct conn *c)
{
    const enum shard_state state = c->shard->state;
    return state == SHARD_RUNNING || (state != SHARD_OVER && mux_last_stranded(c));
}

/* NULL: there is no spare connection. */
static struct conn *make_heir(struct conn *c)
{
    struct mux *m = c->mux;
    struct conn *heir = shard_take_spare(c->shard);
    if (!heir)
        return NULL;
    heir->number = c->number;
    heir->address_shift = c->address_shift;
    heir->mux->n_fruitless = m->has_answered ? 0 : m->n_fruitless + 1;
    heir->n_failures = heir->mux->n_fruitless; /* it is opened after a pause, as this one would be */
    heir->mux->elder = c;
    m->heir = heir;
    return heir;
}

static struct conn *newest_of(struct conn *c)
{
    while (c->mux->heir)
        c = c->mux->heir;
    return c;
}

void mux_retire(struct conn *c, uint64_t now_ns)
{
    struct mux *m = c->mux;
    if (!m->heir || c->state != CONN_CLOSED || c->n_flights + m->n_thinking > 0)
        return;
    m->heir->mux->elder = m->elder;
    if (m->elder)
        m->elder->mux->heir = m->heir;
    m->heir = m->elder = NULL;
    conn_move(&c->shard->spares, c, now_ns);
}

static void hand_over(struct conn *c, struct conn *heir, uint64_t now_ns)
{
    const struct flight *last;
    while ((last = mux_last_stranded(c)) != NULL) {
        const struct flight f = *last;
        mux_give_back_last(c);
        shard_submit(c->shard, heir, &f, now_ns);
    }
}

static void leave(struct conn *c, struct conn *heir, uint64_t now_ns)
{
    if (c->mux->has_begun)
        mux_count_open(c->mux); /* no longer when it sends */
    hand_over(c, heir, now_ns);
}

struct conn *mux_follow(struct conn *c, uint64_t now_ns)
{
    struct conn *newest = newest_of(c), *heir;
    mux_retire(c, now_ns); /* it may be the next heir */
    if (is_leaving(newest->mux) && is_needed(newest) && (heir = make_heir(newest)) != NULL) {
        leave(newest, heir, now_ns);
        newest = heir;
    }
    if (newest == c)
        return c;
    leave(c, newest, now_ns);
    mux_retire(c, now_ns);
    return newest;
}

bool mux_has_elder(const struct conn *c)
{
    return c->mux->elder;
}

bool mux_has_left(const struct conn *c)
{
    return c->mux->heir || c->list == &c->shard->spares;
}

uint32_t mux_n_users(const struct mux *m)
{
    uint32_t n = m->conn->n_flights + m->n_thinking;
    for (const struct conn *c = m->elder; c; c = c->mux->elder)
        n += c->n_flights + c->mux->n_thinking;
    return n;
}
