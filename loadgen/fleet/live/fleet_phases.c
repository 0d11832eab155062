#include "fleet_phases.h"

#include "arrivals.h"
#include "phase_clock.h"
#include "plan.h"

#include <stdlib.h>

struct phase_clock *fleet_phases_new(const struct plan *plan)
{
    return calloc(plan->n_phases, sizeof(struct phase_clock));
}

/* A moment that is noted here, or else planned for a time that has come. */
static void refresh(_Atomic uint64_t *moment_ns, const _Atomic uint64_t *own_ns, uint64_t planned_ns,
                    uint64_t now_ns)
{
    const uint64_t noted_ns = atomic_load_explicit(own_ns, memory_order_acquire);
    if (noted_ns > 0)
        atomic_store_explicit(moment_ns, noted_ns, memory_order_relaxed);
    else if (now_ns >= planned_ns)
        atomic_store_explicit(moment_ns, planned_ns, memory_order_relaxed);
}

/* When phase `k` starts. The gates give all ranks the times of a closed stream, but for its beginning and the
 * ends of pauses. */
static uint64_t planned_ns(const struct plan_stream *stream, const struct phase_clock *clocks, uint32_t k,
                           uint64_t t0_ns)
{
    if (stream->model == PLAN_OPEN)
        return t0_ns + arrivals_phase_start_ns(stream, k);
    if (k == 0)
        return t0_ns;
    const uint64_t pause_ns = phase_start_ns(clocks, stream->first_phase_index + k - 1);
    return stream->phases[k - 1].kind == PLAN_PHASE_PAUSE && pause_ns > 0
               ? pause_ns + stream->phases[k - 1].duration_ns
               : UINT64_MAX;
}

void fleet_phases_refresh(struct phase_clock *clocks, const struct plan *plan, const struct phase_clock *own,
                          uint64_t t0_ns, uint64_t now_ns)
{
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct plan_stream *stream = &plan->streams[s];
        for (uint32_t k = 0; k < stream->n_phases; k++) {
            struct phase_clock *clock = &clocks[stream->first_phase_index + k];
            const struct phase_clock *noted = &own[stream->first_phase_index + k];
            refresh(&clock->start_ns, &noted->start_ns, planned_ns(stream, clocks, k, t0_ns), now_ns);
            refresh(&clock->end_ns, &noted->end_ns, planned_ns(stream, clocks, k + 1, t0_ns), now_ns);
            refresh(&clock->measured_until_ns, &noted->measured_until_ns, UINT64_MAX, now_ns);
        }
    }
}
