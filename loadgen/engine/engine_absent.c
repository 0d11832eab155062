/* Streams of which this process has no connection: no thread here notes the times of their phases. */
#include "arrivals.h"
#include "engine_parts.h"
#include "plan.h"

static void note(_Atomic uint64_t *moment_ns, uint64_t ns)
{
    if (atomic_load_explicit(moment_ns, memory_order_relaxed) == 0)
        atomic_store_explicit(moment_ns, ns, memory_order_release);
}

static void follow_schedule(const struct plan_stream *s, struct phase_clock *clocks, uint64_t t0_ns,
                            uint64_t now_ns)
{
    for (uint32_t k = 0; k < s->n_phases; k++) {
        const uint64_t start_ns = t0_ns + arrivals_phase_start_ns(s, k);
        const uint64_t end_ns = t0_ns + arrivals_phase_start_ns(s, k + 1);
        if (now_ns >= start_ns)
            note(&clocks[k].start_ns, start_ns);
        if (now_ns >= end_ns)
            note(&clocks[k].end_ns, end_ns);
    }
}

/* Orders begin the phases (engine_gate.c), but for the first one and those after a pause. */
static void follow_orders(const struct plan_stream *s, struct phase_clock *clocks, uint64_t t0_ns,
                          uint64_t now_ns)
{
    note(&clocks[0].start_ns, t0_ns);
    for (size_t k = 0; k < s->n_phases; k++) {
        const uint64_t start_ns = phase_start_ns(clocks, k);
        const uint64_t planned_end_ns = start_ns + s->phases[k].duration_ns;
        if (start_ns == 0)
            return;
        if (s->phases[k].kind == PLAN_PHASE_DURATION)
            note(&clocks[k].measured_until_ns, planned_end_ns);
        if (s->phases[k].kind != PLAN_PHASE_PAUSE || now_ns < planned_end_ns)
            continue;
        note(&clocks[k].end_ns, planned_end_ns);
        if (k + 1 < s->n_phases)
            note(&clocks[k + 1].start_ns, planned_end_ns);
    }
}

void engine_note_absent(struct engine *en, uint64_t now_ns)
{
    if (en->t0_ns == 0 || now_ns < en->t0_ns)
        return;
    for (size_t i = 0; i < en->plan->n_streams; i++) {
        const struct plan_stream *s = &en->plan->streams[i];
        struct phase_clock *clocks = &en->phases[s->first_phase_index];
        if (en->barriers[i].n_sharers > 0)
            continue;
        if (s->model == PLAN_OPEN)
            follow_schedule(s, clocks, en->t0_ns, now_ns);
        else if (en->barriers[i].is_gated)
            follow_orders(s, clocks, en->t0_ns, now_ns);
    }
}
