#include "plan_length.h"

#include "plan.h"

struct plan_length plan_length(const struct plan *plan)
{
    struct plan_length length = { 0 };
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        uint64_t sum_ns = 0;
        for (size_t k = 0; k < s->n_phases; k++) {
            const bool is_open_ended = s->phases[k].kind == PLAN_PHASE_REQUESTS;
            sum_ns += is_open_ended ? 0 : s->phases[k].duration_ns;
            length.is_least = length.is_least || is_open_ended;
        }
        length.ns = sum_ns > length.ns ? sum_ns : length.ns;
    }
    return length;
}
