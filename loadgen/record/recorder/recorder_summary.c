#include "recorder_summary.h"

#include "recorder_state.h"
#include "recorder_within.h"
#include "run_json_write.h"
#include "shard_facts.h"
#include "summary.h"
#include "verdict.h"

static size_t list_causes(const struct stats *run, const struct plan *plan, struct summary_cause *out)
{
    for (uint32_t i = 0; i < run->n_causes; i++) {
        const struct stats_cause *c = &run->causes[i];
        const struct plan_stream *stream = &plan->streams[c->stream];
        out[i] = (struct summary_cause){ .stream = c->stream,
                                         .step = plan_row_name(stream, plan_row_of(stream, c->cell)),
                                         .outcome = c->outcome,
                                         .status = c->status,
                                         .cause = c->cause,
                                         .count = c->count };
    }
    return run->n_causes;
}

int recorder_summary(struct recorder *r, const struct recorder_ending *ending, const struct verdict *verdict,
                     const struct derived_run *run, recorder_summary_fn *print, FILE *out)
{
    struct summary_cause causes[STATS_CAUSES_MOST];
    if (!verdict->claims)
        return -1;
    const struct plan *plan = r->params.plan;
    const uint64_t duration_ns =
        ending->end_ns > r->t0_monotonic_ns ? ending->end_ns - r->t0_monotonic_ns : 0;
    struct recorder_within *within = recorder_within_new(r, run, verdict->claims, duration_ns);
    const struct summary s = {
        .term = term_look(out),
        .scenario = plan->scenario_file ? plan->name : NULL,
        .scenario_file = plan->scenario_file,
        .is_emulated = plan->deployment.emulated,
        .n_threads = r->params.n_threads,
        .run = run,
        .claims = verdict->claims,
        .sides = within ? within->sides : NULL,
        .causes = causes,
        .n_causes = list_causes(r->run, plan, causes),
        .thresholds = verdict->thresholds,
        .n_thresholds = verdict->n_thresholds,
        .end = run_json_end(ending->end),
        .duration_ns = duration_ns,
        .n_log_rows = r->log_counts.n_rows,
        .n_log_dropped = r->log_counts.n_dropped,
        .n_log_unwritten = r->log_counts.n_unwritten,
        .folder = run_folder_is_kept(&r->folder) ? r->folder.path : NULL,
        .share = r->params.shard ? (uint64_t)r->params.shard->index + 1 : 0,
        .n_shares = r->params.shard ? r->params.shard->count : 0,
    };
    const int status = print(&s, out);
    recorder_within_free(within);
    return status;
}
