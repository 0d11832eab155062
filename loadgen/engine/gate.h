/* The gate between the phases of a closed stream that several threads share: a phase ends when the last
 * thread's part of it is done, and then the next one begins for all. Touched once per thread and phase, never
 * per request. */
#ifndef ENGINE_GATE_H
#define ENGINE_GATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct gate {
    _Atomic uint32_t n_arrived; /* threads that are done with the current phase */
    uint32_t n_sharers;
};

/* This thread's part of the current phase is done. True for the last one, which then begins the next phase.
 */
static inline bool gate_arrive(struct gate *g)
{
    if (atomic_fetch_add_explicit(&g->n_arrived, 1, memory_order_acq_rel) + 1 < g->n_sharers)
        return false;
    atomic_store_explicit(&g->n_arrived, 0, memory_order_release);
    return true;
}

#endif
