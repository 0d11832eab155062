#include "recorder_within.h"

#include "claims.h"
#include "derived_attempts.h"
#include "hist.h"
#include "recorder_state.h"
#include "stats_query.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

/* The first stream of the same cluster. */
static size_t first_of(const struct plan *plan, size_t stream)
{
    size_t i = 0;
    while (strcmp(plan->streams[i].cluster, plan->streams[stream].cluster) != 0)
        i++;
    return i;
}

/* How many clusters the first streams have. */
static size_t n_clusters(const struct plan *plan, size_t n_streams)
{
    size_t n = 0;
    for (size_t i = 0; i < n_streams; i++)
        n += first_of(plan, i) == i;
    return n;
}

/* The place of a stream's cluster among those that have streams. */
static size_t cluster_of(const struct plan *plan, size_t stream)
{
    return n_clusters(plan, first_of(plan, stream));
}

/* Whether a stream of the cluster has due times, or has none. */
static bool any_has(const struct plan *plan, const char *cluster, bool due)
{
    for (size_t i = 0; i < plan->n_streams; i++)
        if (plan_stream_has_due(&plan->streams[i]) == due && strcmp(plan->streams[i].cluster, cluster) == 0)
            return true;
    return false;
}

/* Response times where every cluster has them, else service times (derived_headline). */
static enum metric headline_of(const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_streams; i++)
        if (!any_has(plan, plan->streams[i].cluster, true))
            return METRIC_SERVICE;
    return METRIC_RESPONSE;
}

/* Whether the stream's times are among those of its cluster (derived_times). */
static bool counts(const struct plan *plan, const struct plan_stream *stream, enum metric headline)
{
    return stats_headline(stream) == headline || !any_has(plan, stream->cluster, false);
}

void recorder_within_add(struct recorder *r, const struct second *second, size_t stream, uint64_t length_ns,
                         bool is_partial)
{
    const struct plan *plan = r->params.plan;
    const struct plan_stream *about = &plan->streams[stream];
    const struct stats_scope scope = { .plan = plan, .streams = UINT64_C(1) << stream, .with_warmup = true };
    const enum metric headline = headline_of(plan);
    if (n_clusters(plan, plan->n_streams) != 2)
        return;
    struct within_steps *steps = &r->within[cluster_of(plan, stream)];
    const bool has_times = counts(plan, about, headline);
    struct stats_counts ends;
    stats_count(second->sum, &scope, &ends);
    within_steps_add(steps, &(struct within_second){ .index = second->index,
                                                     .length_ns = length_ns,
                                                     .n_bad = has_times ? ends.n_err + ends.n_censored : 0,
                                                     .n_good = ends.n_ok,
                                                     .is_partial = is_partial });
    const size_t n_cells = plan_n_request_rows(about) * about->n_phases;
    for (size_t c = 0; has_times && c < n_cells; c++) {
        const struct stats_times *times = second->sum->cells[about->first_cell_index + c].times[OUTCOME_OK];
        if (times && times->metrics[headline])
            within_steps_add(steps, &(struct within_second){ .index = second->index,
                                                             .length_ns = length_ns,
                                                             .ok = times->metrics[headline] });
    }
}

static bool make_side(struct recorder *r, const struct derived_run *run, const struct claims *claims,
                      uint64_t duration_ns, struct recorder_within *w, size_t i)
{
    const struct claim_row *row = &claims->rows[i];
    const enum metric headline = derived_headline(run);
    const struct derived_cluster cluster = { .name = row->cluster };
    const struct derived_scope scope = { .cluster = &cluster };
    struct within_side *side = &w->sides[i];
    w->ok[i] = hist_new();
    w->ages[i] = hist_new();
    if (!w->ok[i] || !w->ages[i])
        return false;
    *side = (struct within_side){ .name = row->cluster,
                                  .cluster = row->cluster,
                                  .claims = claims,
                                  .attempts =
                                      derived_attempts(run, &scope, headline, headline, w->ok[i], w->ages[i]),
                                  .seconds = w->seconds[i] };
    for (size_t k = 0; k < run->n_clusters; k++)
        if (strcmp(run->clusters[k].name, row->cluster) == 0 && run->clusters[k].label)
            side->name = run->clusters[k].label;
    for (size_t k = 0; k < r->params.plan->n_streams; k++)
        if (strcmp(r->params.plan->streams[k].cluster, row->cluster) == 0)
            side->n_seconds = within_steps_list(&r->within[cluster_of(r->params.plan, k)], run, row->cluster,
                                                (double)duration_ns / 1e9, w->seconds[i]);
    return attempts_n(&side->attempts) > 0;
}

struct recorder_within *recorder_within_new(struct recorder *r, const struct derived_run *run,
                                            const struct claims *claims, uint64_t duration_ns)
{
    size_t n = 0;
    while (n < claims->n_rows && !claims->rows[n].stream)
        n++;
    struct recorder_within *w = n == 2 ? calloc(1, sizeof *w) : NULL;
    if (w && make_side(r, run, claims, duration_ns, w, 0) && make_side(r, run, claims, duration_ns, w, 1))
        return w;
    recorder_within_free(w);
    return NULL;
}

void recorder_within_free(struct recorder_within *w)
{
    for (size_t i = 0; w && i < 2; i++) {
        hist_free(w->ok[i]);
        hist_free(w->ages[i]);
    }
    free(w);
}
