/* When each phase of the plan began and ended, and what follows from it: the phase in force at a time, and
 * for how long streams sent. Written by the worker that sees it first, read by the collector. */
#ifndef RECORD_PHASE_CLOCK_H
#define RECORD_PHASE_CLOCK_H

#include "plan.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* On CLOCK_MONOTONIC; 0 = not yet. A phase that lasts for a time ends later than planned when answers are
 * still awaited then; its measured time does not. */
struct phase_clock {
    _Atomic uint64_t start_ns;
    _Atomic uint64_t end_ns;
    _Atomic uint64_t measured_until_ns; /* answers from then on are late: they count in no rate; 0: none is */
};

/* Whether an answer to a request of the phase came too late to count in a rate. */
static inline bool phase_is_late(const struct phase_clock *clock, uint64_t done_ns)
{
    /* One comparison: 0 becomes the largest number. */
    return atomic_load_explicit(&clock->measured_until_ns, memory_order_relaxed) - 1 < done_ns;
}

/* A phase's start and end on the monotonic clock; 0: not yet. Phases go by their index in the whole plan. */
uint64_t phase_start_ns(const struct phase_clock *clocks, size_t plan_phase);
uint64_t phase_end_ns(const struct phase_clock *clocks, size_t plan_phase);

/* The measured time, up to `run_end_ns`, which may be the present, and to measured_until_ns; 0 and 0 if it
 * did not begin before that. */
struct phase_span {
    uint64_t start_ns, end_ns;
};
struct phase_span phase_span(const struct phase_clock *clocks, size_t plan_phase, uint64_t run_end_ns);

/* "requests", "rate", ... as in files, and whether such a phase has a count and a rate. */
const char *phase_kind_name(enum plan_phase_kind kind);
bool phase_has_count(enum plan_phase_kind kind);
bool phase_has_rate(enum plan_phase_kind kind);

/* The stream's last phase that began before `ns`; the first if none did. */
size_t phase_in_force(const struct plan_stream *stream, const struct phase_clock *clocks, uint64_t ns);

/* True if one phase covers the time from `start_ns` to `end_ns`, give or take a millisecond. */
bool phase_fills(const struct plan_stream *stream, const struct phase_clock *clocks, uint64_t start_ns,
                 uint64_t end_ns);

/* True once the stream's last phase has ended. */
bool phase_all_over(const struct plan_stream *stream, const struct phase_clock *clocks);

/* For how long streams, a bit set, sent requests: the divisor of rates. Without pauses and warm-up; time that
 * streams share counts once; a running phase lasts until `now_ns`. */
uint64_t phase_active_ns(const struct plan *plan, const struct phase_clock *clocks, uint64_t streams,
                         uint64_t now_ns);

#endif
