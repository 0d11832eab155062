/* Shared by the threads of a closed stream: the barrier between its phases, which a thread reaches when its
 * part is done and which the last one passes for all; and the numbers of its requests, consecutive across
 * threads. */
#ifndef ENGINE_BARRIER_H
#define ENGINE_BARRIER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { BARRIER_LINE_BYTES = 64 }; /* a cache line: a field written per request has one to itself */

struct barrier {
    _Alignas(BARRIER_LINE_BYTES) _Atomic uint64_t next_seq;  /* number of the next request of the stream */
    _Alignas(BARRIER_LINE_BYTES) _Atomic uint32_t n_arrived; /* threads done with the current phase */
    uint32_t n_sharers;
    /* Wakes all threads; called by the last thread, which has begun the next phase. */
    void (*on_passed)(void *payload);
    void *payload;
};

/* The number of the next request. */
static inline uint64_t barrier_take_number(struct barrier *g)
{
    return atomic_fetch_add_explicit(&g->next_seq, 1, memory_order_relaxed);
}

/* This thread's part of the current phase is done. True for the last thread, which then begins the next
 * phase. */
static inline bool barrier_arrive(struct barrier *g)
{
    if (atomic_fetch_add_explicit(&g->n_arrived, 1, memory_order_acq_rel) + 1 < g->n_sharers)
        return false;
    atomic_store_explicit(&g->n_arrived, 0, memory_order_release);
    return true;
}

#endif
