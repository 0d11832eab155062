#include "phase_clock.h"

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

struct phase_span phase_span(const struct phase_clock *clocks, size_t plan_phase, uint64_t run_end_ns)
{
    struct phase_span span = { phase_start_ns(clocks, plan_phase), phase_end_ns(clocks, plan_phase) };
    const uint64_t until_ns =
        atomic_load_explicit(&clocks[plan_phase].measured_until_ns, memory_order_relaxed);
    if (span.start_ns == 0 || span.start_ns > run_end_ns)
        return (struct phase_span){ 0, 0 };
    if (span.end_ns == 0 || span.end_ns > run_end_ns)
        span.end_ns = run_end_ns;
    if (until_ns != 0 && span.end_ns > until_ns)
        span.end_ns = until_ns;
    return span;
}

const char *phase_kind_name(enum plan_phase_kind kind)
{
    static const char *const names[] = {
        [PLAN_PHASE_REQUESTS] = "requests", [PLAN_PHASE_DURATION] = "duration",
        [PLAN_PHASE_RATE] = "rate",         [PLAN_PHASE_RAMP] = "ramp",
        [PLAN_PHASE_BURST] = "burst",       [PLAN_PHASE_REPLAY] = "replay",
        [PLAN_PHASE_PAUSE] = "pause",
    };
    return names[kind];
}

bool phase_has_count(enum plan_phase_kind kind)
{
    return kind != PLAN_PHASE_DURATION && kind != PLAN_PHASE_PAUSE;
}

bool phase_has_rate(enum plan_phase_kind kind)
{
    return kind == PLAN_PHASE_RATE || kind == PLAN_PHASE_RAMP;
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
        const struct phase_span span = phase_span(clocks, stream->first_phase_index + k, end_ns);
        if (span.start_ns != 0 && span.start_ns <= start_ns + TOLERANCE_NS &&
            span.end_ns + TOLERANCE_NS >= end_ns)
            return true;
    }
    return false;
}

bool phase_all_over(const struct plan_stream *stream, const struct phase_clock *clocks)
{
    return phase_end_ns(clocks, stream->first_phase_index + stream->n_phases - 1) != 0;
}

/* The earliest phase that lasts beyond `from_ns`; empty if there is none. */
static struct phase_span next_stretch(const struct plan *plan, const struct phase_clock *clocks,
                                      uint64_t streams, uint64_t from_ns, uint64_t now_ns)
{
    struct phase_span next = { UINT64_MAX, 0 };
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct plan_stream *stream = &plan->streams[s];
        for (size_t k = 0; streams >> s & 1 && k < stream->n_phases; k++) {
            const struct phase_span found = phase_span(clocks, stream->first_phase_index + k, now_ns);
            if (stream->phases[k].kind != PLAN_PHASE_PAUSE && !stream->phases[k].warmup &&
                found.end_ns > from_ns && found.start_ns < next.start_ns)
                next = found;
        }
    }
    return next;
}

uint64_t phase_active_ns(const struct plan *plan, const struct phase_clock *clocks, uint64_t streams,
                         uint64_t now_ns)
{
    uint64_t sum_ns = 0;
    uint64_t from_ns = 0;
    for (;;) {
        const struct phase_span next = next_stretch(plan, clocks, streams, from_ns, now_ns);
        if (next.end_ns == 0)
            return sum_ns;
        sum_ns += next.end_ns - (next.start_ns > from_ns ? next.start_ns : from_ns);
        from_ns = next.end_ns;
    }
}
