/* The phases of a stream over time, read from the phase clocks. */
#ifndef RECORD_PHASE_STATE_H
#define RECORD_PHASE_STATE_H

#include "phase_clock.h"
#include "plan.h"

/* A phase's start and end on the monotonic clock; 0: not yet. Phases go by their index in the whole plan. */
uint64_t phase_start_ns(const struct phase_clock *clocks, size_t plan_phase);
uint64_t phase_end_ns(const struct phase_clock *clocks, size_t plan_phase);

/* Both, where a phase that has not ended lasts until `run_end_ns`; 0 and 0 if it never began. */
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

#endif
