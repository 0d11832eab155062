#include "phase_state.h"

#include "units.h"

#define TOLERANCE_NS NS_PER_MS

uint64_t phase_start_ns(const struct phase_clock *clocks, size_t plan_phase)
{
    return atomic_load_explicit(&clocks[plan_phase].start_ns, memory_order_relaxed);
}

uint64_t phase_end_ns(const struct phase_clock *clocks, size_t plan_phase)
{
    return atomic_load_explicit(&clocks[plan_phase].end_ns, memory_order_relaxed);
}

size_t phase_in_force(const struct plan_stream *stream, const struct phase_clock *clocks, uint64_t ns)
{
    size_t found = 0;
    for (size_t k = 0; k < stream->n_phases; k++) {
        const uint64_t start_ns = phase_start_ns(clocks, stream->first_phase_index + k);
        if (start_ns != 0 && start_ns < ns)
            found = k;
    }
    return found;
}

bool phase_fills(const struct plan_stream *stream, const struct phase_clock *clocks, uint64_t start_ns,
                 uint64_t end_ns)
{
    for (size_t k = 0; k < stream->n_phases; k++) {
        const uint64_t began_ns = phase_start_ns(clocks, stream->first_phase_index + k);
        const uint64_t ended_ns = phase_end_ns(clocks, stream->first_phase_index + k);
        if (began_ns != 0 && began_ns <= start_ns + TOLERANCE_NS &&
            (ended_ns == 0 || ended_ns + TOLERANCE_NS >= end_ns))
            return true;
    }
    return false;
}

bool phase_all_over(const struct plan_stream *stream, const struct phase_clock *clocks)
{
    return phase_end_ns(clocks, stream->first_phase_index + stream->n_phases - 1) != 0;
}
