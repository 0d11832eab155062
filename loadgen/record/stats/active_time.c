#include "active_time.h"

#include "phase_state.h"

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

uint64_t active_time_ns(const struct plan *plan, const struct phase_clock *clocks, uint64_t streams,
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
