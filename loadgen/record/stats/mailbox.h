/* Passes statistics from a worker to the collector and back without a lock, through two single-producer,
 * single-consumer slots. The worker never waits: until the collector has taken the last interval, the current
 * one grows longer. */
#ifndef RECORD_MAILBOX_H
#define RECORD_MAILBOX_H

#include <stdatomic.h>
#include <stddef.h>

struct stats;

struct mailbox {
    _Atomic(struct stats *) full;  /* worker -> collector */
    _Atomic(struct stats *) empty; /* collector -> worker */
};

/* Empties the slot; NULL when it was empty. */
static inline struct stats *mailbox_take(_Atomic(struct stats *) *slot)
{
    if (!atomic_load_explicit(slot, memory_order_relaxed))
        return NULL;
    return atomic_exchange_explicit(slot, NULL, memory_order_acquire);
}

/* Fills an empty slot. */
static inline void mailbox_put(_Atomic(struct stats *) *slot, struct stats *stats)
{
    atomic_store_explicit(slot, stats, memory_order_release);
}

static inline int mailbox_is_empty(_Atomic(struct stats *) *slot)
{
    return atomic_load_explicit(slot, memory_order_acquire) == NULL;
}

#endif
