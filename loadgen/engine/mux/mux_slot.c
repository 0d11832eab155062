#include "mux_parts.h"

#include <string.h>

struct mux_slot *mux_slot_touch(struct mux *m)
{
    const struct shard *s = m->conn->shard;
    struct mux_slot *slot = (struct mux_slot *)(void *)(m->slots + (size_t)m->n_touched++ * m->slot_bytes);
    memset(slot, 0, sizeof *slot);
    exchange_init(&slot->stream.exchange, &s->stream->expect,
                  conn_tail_bytes(s->stream) ? (char *)(slot + 1) : NULL, &m->conn->shard->redirect);
    return slot;
}

/* Nearly always the place is the end. */
void mux_slot_move(struct mux_list *list, struct mux_slot *slot)
{
    mux_slot_remove(slot);
    struct mux_slot *before = list->last;
    while (before && before->deadline_ns > slot->deadline_ns)
        before = before->before;
    slot->list = list;
    slot->before = before;
    slot->after = before ? before->after : list->first;
    *(before ? &before->after : &list->first) = slot;
    *(slot->after ? &slot->after->before : &list->last) = slot;
    list->n++;
}

/* In the closed model a request times out from when it was sent; one that finds no room at all may wait for
 * as long. */
void mux_slot_find_deadline(const struct mux *m, struct mux_slot *slot)
{
    const struct shard *s = m->conn->shard;
    slot->deadline_ns = shard_deadline_ns(s, &slot->flight);
    if (slot->deadline_ns == UINT64_MAX)
        slot->deadline_ns = slot->flight.dispatched_ns + s->stream->timeout_ns;
}

void mux_slot_wait(struct mux *m, struct mux_slot *slot)
{
    mux_slot_find_deadline(m, slot);
    mux_slot_move(&m->waiting, slot);
}

static uint64_t earlier(uint64_t a_ns, const struct mux_list *list)
{
    return list->first && list->first->deadline_ns < a_ns ? list->first->deadline_ns : a_ns;
}

uint64_t mux_deadline_ns(const struct mux *m)
{
    return earlier(earlier(earlier(earlier(UINT64_MAX, &m->open), &m->unsent), &m->waiting), &m->refused);
}
