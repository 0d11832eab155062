#include "error_rows.h"

#include "csv.h"
#include "stats_query.h"

static void row(struct csv_writer *w, const struct plan_stream *stream, uint64_t second,
                const struct stats_cause *cause)
{
    if (cause->count == 0)
        return;
    csv_u64(w, second);
    csv_text(w, stream->name);
    csv_text(w, stream->cluster);
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
        if (cause->stream != rest.stream || cause->outcome != rest.outcome)
            continue;
        row(w, stream, second, cause);
        rest.count -= cause->count < rest.count ? cause->count : rest.count;
    }
    row(w, stream, second, &rest);
}

void error_rows_write(struct csv_writer *w, const struct plan *plan, uint64_t second, const struct stats *sum)
{
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct stats_scope scope = { .plan = plan, .streams = UINT64_C(1) << s, .with_warmup = true };
        struct stats_counts ends;
        stats_count(sum, &scope, &ends);
        class_rows(w, &plan->streams[s], second, sum,
                   (struct stats_cause){ .stream = (uint32_t)s, .outcome = OUTCOME_OK });
        for (int o = 0; o < N_OUTCOMES; o++)
            if (o != OUTCOME_OK && ends.n_outcomes[o] > 0)
                class_rows(w, &plan->streams[s], second, sum,
                           (struct stats_cause){ .stream = (uint32_t)s,
                                                 .outcome = (enum outcome)o,
                                                 .cause = "",
                                                 .count = ends.n_outcomes[o] });
    }
}
