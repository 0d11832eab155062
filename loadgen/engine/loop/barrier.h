/* What the threads of a closed stream share: the barrier between its phases, which end when the last thread's
 * part is done, and then the next one begins for all; and the numbers of its requests, which have no hole
 * whichever thread is quicker. */
#ifndef ENGINE_BARRIER_H
#define ENGINE_BARRIER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    BARRIER_LINE_BYTES = 64
}; /* of the processor's cache: what is written per request has one to itself */

struct barrier {
    _Alignas(BARRIER_LINE_BYTES) _Atomic uint64_t next_seq; /* number of the next request of the stream */
    _Alignas(
        BARRIER_LINE_BYTES) _Atomic uint32_t n_arrived; /* threads that are done with the current phase */
    uint32_t n_sharers;
    void (*on_passed)(void *payload); /* the last one has arrived: wakes all threads; on its thread */
    void *payload;
};

/* The number of the request that is taken up now. */
static inline uint64_t barrier_take_number(struct barrier *g)
{
    return atomic_fetch_add_explicit(&g->next_seq, 1, memory_order_relaxed);
}

/* This thread's part of the current phase is done. True for the last one, which then begins the next phase.
 */
static inline bool barrier_arrive(struct barrier *g)
{
    if (atomic_fetch_add_explicit(&g->n_arrived, 1, memory_order_acq_rel) + 1 < g->n_sharers)
        return false;
    atomic_store_explicit(&g->n_arrived, 0, memory_order_release);
    return true;
}

#endif
