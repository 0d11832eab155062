/* Hands stats from a worker to the collector and back without a lock: two single-producer single-consumer
 * slots. The worker never waits: while the collector has not taken the last stats, it goes on in the one it
 * has, and that interval grows longer. */
#ifndef RECORD_MAILBOX_H
#define RECORD_MAILBOX_H

#include <stdatomic.h>
#include <stddef.h>

struct stats;

struct mailbox {
    _Atomic(struct stats *) full;  /* worker -> collector */
    _Atomic(struct stats *) empty; /* collector -> worker */
};

/* Takes what is in the slot, or NULL. */
static inline struct stats *mailbox_take(_Atomic(struct stats *) *slot)
{
    if (!atomic_load_explicit(slot, memory_order_relaxed))
        return NULL;
    return atomic_exchange_explicit(slot, NULL, memory_order_acquire);
}

/* Puts a stats into an empty slot. */
static inline void mailbox_put(_Atomic(struct stats *) *slot, struct stats *stats)
{
    atomic_store_explicit(slot, stats, memory_order_release);
}

static inline int mailbox_is_empty(_Atomic(struct stats *) *slot)
{
    return atomic_load_explicit(slot, memory_order_acquire) == NULL;
}

#endif
