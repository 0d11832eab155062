/* Which phase of a stream was in force when, read off the phase clocks. */
#ifndef RECORD_PHASE_STATE_H
#define RECORD_PHASE_STATE_H

#include "phase_clock.h"
#include "plan.h"

/* A phase's start and end on the monotonic clock; 0: not yet. */
uint64_t phase_start_ns(const struct phase_clock *clocks, size_t plan_phase);
uint64_t phase_end_ns(const struct phase_clock *clocks, size_t plan_phase);

/* The same together, for what is written at the end: a phase that has not ended lasts until `run_end_ns`;
 * both 0 when it never began. */
struct phase_span {
    uint64_t start_ns, end_ns;
};
struct phase_span phase_span(const struct phase_clock *clocks, size_t plan_phase, uint64_t run_end_ns);

/* "requests", "rate", ... as in files; which numbers a phase of the kind has. */
const char *phase_kind_name(enum plan_phase_kind kind);
bool phase_has_count(enum plan_phase_kind kind);
bool phase_has_rate(enum plan_phase_kind kind);

/* The last phase of the stream that began before `ns`; 0 when none did. */
size_t phase_in_force(const struct plan_stream *stream, const struct phase_clock *clocks, uint64_t ns);

/* True when one phase of the stream lasted from `start_ns` to `end_ns`; a millisecond short still counts. */
bool phase_fills(const struct plan_stream *stream, const struct phase_clock *clocks, uint64_t start_ns,
                 uint64_t end_ns);

/* True when the stream's last phase has ended. */
bool phase_all_over(const struct plan_stream *stream, const struct phase_clock *clocks);

#endif
