#include "engine_parts.h"

#include "plan.h"

bool engine_phase_done(const struct engine *en, size_t stream, uint32_t phase, uint64_t *done_ns)
{
    return barrier_done(&en->barriers[stream], phase, done_ns);
}

/* A pause ends by the clock, which no thread here looks at for a stream of which none has a connection. */
static void end_pause(const struct plan_stream *s, struct phase_clock *clocks, uint32_t phase)
{
    const uint64_t end_ns =
        atomic_load_explicit(&clocks[phase].start_ns, memory_order_relaxed) + s->phases[phase].duration_ns;
    atomic_store_explicit(&clocks[phase].end_ns, end_ns, memory_order_release);
    if (phase + 1 < s->n_phases)
        atomic_store_explicit(&clocks[phase + 1].start_ns, end_ns, memory_order_release);
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
    if (en->barriers[stream].n_sharers == 0)
        for (uint32_t i = phase; i < s->n_phases && s->phases[i].kind == PLAN_PHASE_PAUSE; i++)
            end_pause(s, clocks, i);
    engine_call_all(en);
}
