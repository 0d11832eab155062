/* The barrier between the phases of a closed stream, which a thread reaches when its part is done and which
 * the last one passes for all. */
#ifndef ENGINE_BARRIER_H
#define ENGINE_BARRIER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct barrier {
    _Atomic uint32_t n_arrived; /* threads done with the current phase */
    uint32_t n_sharers;
    bool is_gated;               /* the next phase begins by order, not by the last thread here */
    _Atomic uint32_t done_phase; /* gated: the last phase that all threads here were done with, */
    _Atomic uint64_t done_ns;    /* and when; 0: the phase goes on */
    /* Wakes all threads; called by the last thread, which has begun the next phase. */
    void (*on_passed)(void *payload);
    void *payload;
};

/* This thread's part of the current phase is done. True for the last thread, which then begins the next
 * phase. */
static inline bool barrier_arrive(struct barrier *g)
{
    if (atomic_fetch_add_explicit(&g->n_arrived, 1, memory_order_acq_rel) + 1 < g->n_sharers)
        return false;
    atomic_store_explicit(&g->n_arrived, 0, memory_order_release);
    return true;
}

/* For the last thread, if gated: all are done with the phase, and nothing waits but for the order. */
static inline void barrier_note_done(struct barrier *g, uint32_t phase, uint64_t now_ns)
{
    atomic_store_explicit(&g->done_phase, phase, memory_order_relaxed);
    atomic_store_explicit(&g->done_ns, now_ns, memory_order_release);
}

/* Whether barrier_note_done was called for the phase, and with which time. From any thread. */
static inline bool barrier_done(const struct barrier *g, uint32_t phase, uint64_t *done_ns)
{
    *done_ns = atomic_load_explicit(&g->done_ns, memory_order_acquire);
    return *done_ns != 0 && atomic_load_explicit(&g->done_phase, memory_order_relaxed) == phase;
}

#endif
