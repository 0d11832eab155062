#include "recorder_summary.h"

#include "recorder_state.h"
#include "run_json_write.h"
#include "summary.h"
#include "verdict.h"

static size_t list_causes(const struct stats *run, struct summary_cause *out)
{
    for (uint32_t i = 0; i < run->n_causes; i++) {
        const struct stats_cause *c = &run->causes[i];
        out[i] = (struct summary_cause){ c->stream, c->outcome, c->status, c->cause, c->count };
    }
    return run->n_causes;
}

int recorder_summary(const struct recorder *r, const struct recorder_ending *ending,
                     const struct verdict *verdict, const struct derived_run *run, recorder_summary_fn *print,
                     FILE *out)
{
    struct summary_cause causes[STATS_CAUSES_MOST];
    if (!verdict->claims)
        return -1;
    const struct plan *plan = r->params.plan;
    const struct summary s = {
        .term = term_look(out),
        .scenario = plan->scenario_file ? plan->name : NULL,
        .is_emulated = plan->deployment.emulated,
        .n_threads = r->params.n_threads,
        .run = run,
        .claims = verdict->claims,
        .causes = causes,
        .n_causes = list_causes(r->run, causes),
        .thresholds = verdict->thresholds,
        .n_thresholds = verdict->n_thresholds,
        .end = run_json_end(ending->end),
        .duration_ns = ending->end_ns > r->t0_monotonic_ns ? ending->end_ns - r->t0_monotonic_ns : 0,
        .n_log_rows = r->log_counts.n_rows,
        .n_log_dropped = r->log_counts.n_dropped,
        .n_log_unwritten = r->log_counts.n_unwritten,
        .folder = run_folder_is_kept(&r->folder) ? r->folder.path : NULL,
    };
    return print(&s, out);
}
