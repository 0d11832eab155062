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
    csv_text(w, plan_row_name(stream, plan_row_of(stream, cause->cell)));
    csv_text(w, stream->cluster);
    csv_text(w, stream->phases[plan_phase_of(stream, cause->cell)].name);
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
        if (cause->cell != rest.cell || cause->outcome != rest.outcome)
            continue;
        row(w, stream, second, cause);
        rest.count -= cause->count < rest.count ? cause->count : rest.count;
    }
    row(w, stream, second, &rest);
}

static void cell_rows(struct csv_writer *w, const struct plan_stream *stream, size_t cell, uint64_t second,
                      const struct stats *sum)
{
    const uint64_t *n_outcomes = sum->cells[cell].n_outcomes;
    struct stats_cause rest = { .cell = (uint32_t)cell, .outcome = OUTCOME_OK, .cause = "" };
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
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct plan_stream *stream = &plan->streams[s];
        for (size_t c = 0; c < stream->n_rows * stream->n_phases; c++)
            cell_rows(w, stream, stream->first_cell_index + c, second, sum);
    }
}
