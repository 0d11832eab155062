#include "engine_parts.h"

bool engine_phase_done(const struct engine *en, size_t stream, uint32_t phase, uint64_t *done_ns)
{
    return barrier_done(&en->barriers[stream], phase, done_ns);
}

void engine_begin_phase(struct engine *en, size_t stream, uint32_t phase, uint64_t ended_ns,
                        uint64_t start_ns)
{
    const struct plan_stream *s = &en->plan->streams[stream];
    struct phase_clock *clocks = &en->phases[s->first_phase_index];
    atomic_store_explicit(&en->barriers[stream].done_ns, 0, memory_order_relaxed);
    if (phase > 0)
        atomic_store_explicit(&clocks[phase - 1].end_ns, ended_ns, memory_order_release);
    if (phase < s->n_phases)
        atomic_store_explicit(&clocks[phase].start_ns, start_ns, memory_order_release);
    engine_call_all(en);
}
