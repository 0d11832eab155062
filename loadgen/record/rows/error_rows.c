#include "error_rows.h"

#include "csv.h"
#include "plan.h"
#include "stats.h"

static void row(struct csv_writer *w, const struct plan_stream *stream, uint64_t second,
                const struct stats_cause *cause)
{
    if (cause->count == 0)
        return;
    csv_u64(w, second);
    csv_text(w, stream->name);
    csv_text(w, stream->cluster);
    csv_text(w, stream->phases[cause->phase - stream->first_phase_index].name);
    csv_text(w, outcome_name(cause->outcome));
    csv_text(w, cause->cause);
    csv_u64_if(w, cause->status != 0, cause->status);
    csv_u64(w, cause->count);
    csv_end_row(w);
}

static void class_rows(struct csv_writer *w, const struct plan_stream *stream, uint64_t second,
                       const struct stats *sum, struct stats_cause rest)
{
    for (uint32_t i = 0; i < sum->n_causes; i++) {
        const struct stats_cause *cause = &sum->causes[i];
        if (cause->phase != rest.phase || cause->outcome != rest.outcome)
            continue;
        row(w, stream, second, cause);
        rest.count -= cause->count < rest.count ? cause->count : rest.count;
    }
    row(w, stream, second, &rest);
}

static void phase_rows(struct csv_writer *w, const struct plan_stream *stream, size_t phase_index,
                       uint64_t second, const struct stats *sum)
{
    const uint64_t *n_outcomes = sum->phases[phase_index].n_outcomes;
    struct stats_cause rest = { .phase = (uint32_t)phase_index, .outcome = OUTCOME_OK, .cause = "" };
    class_rows(w, stream, second, sum, rest);
    for (int o = OUTCOME_OK + 1; o < N_OUTCOMES; o++) {
        rest.outcome = (enum outcome)o;
        rest.count = n_outcomes[o];
        if (rest.count > 0)
            class_rows(w, stream, second, sum, rest);
    }
}

void error_rows_write(struct csv_writer *w, const struct plan *plan, uint64_t second, const struct stats *sum)
{
    for (size_t s = 0; s < plan->n_streams; s++)
        for (size_t k = 0; k < plan->streams[s].n_phases; k++)
            phase_rows(w, &plan->streams[s], plan->streams[s].first_phase_index + k, second, sum);
}
