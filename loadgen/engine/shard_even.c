/* Idle connections are used in turn, so a name's addresses share the load evenly when each has equally many.
 * Connection numbers alternate between addresses; but those that are open need not follow each other once
 * some were closed, as when an address was withdrawn and another one came. */
#include "addresses.h"
#include "plan.h"
#include "shard.h"
#include "shard_open.h"
#include "units.h"

enum {
    ADDRESSES_MOST = 64, /* that are told apart; more are left alone */
    PAUSE_MS = 100,      /* connections are looked through as often at most: there may be many */
};

/* One whose address was withdrawn counts where it is opened next. */
static uint32_t count(struct shard *s, const struct address_set *set, uint32_t *n_at)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < s->n_conns; i++) {
        const struct conn *c = shard_conn(s, i);
        if (c->list == &s->closed)
            continue;
        const uint32_t n = ++n_at[conn_address(c, set)];
        most = n > most ? n : most;
    }
    return most;
}

/* Where this thread has closed connections for it, each address gets as many as the one that has most. */
static void fill_up(struct shard *s, const struct address_set *set, uint64_t now_ns)
{
    uint32_t n_at[ADDRESSES_MOST] = { 0 };
    const uint32_t most = count(s, set, n_at);
    for (struct conn *c = s->closed.first, *after; c; c = after) {
        after = c->after;
        uint32_t *n = &n_at[conn_address(c, set)];
        if (*n >= most)
            continue;
        ++*n;
        shard_want_open(s, c, now_ns);
    }
}

/* Where a connection carries only one request, all numbers are used in turn. */
void shard_even_out(struct shard *s, uint64_t now_ns)
{
    const struct address_set *set = addresses_now(s->route->addresses);
    if (set->n == 1 || s->stream->requests_per_connection == 1)
        return;
    while (s->closed.first && (s->n_conns - s->closed.n) % set->n != 0)
        shard_want_open(s, s->closed.first, now_ns);
    if (set->n <= ADDRESSES_MOST && (s->even.has_changed || s->even.generation != set->generation) &&
        now_ns >= s->even.again_ns) {
        fill_up(s, set, now_ns);
        s->even.again_ns = now_ns + PAUSE_MS * NS_PER_MS;
        s->even.generation = set->generation;
        s->even.has_changed = false;
    }
    shard_open_waiting(s, now_ns);
}
