#include "recorder_derived.h"

#include "err.h"
#include "hist_rows.h"
#include "phase_clock.h"
#include "recorder_state.h"
#include "round_trips.h"
#include "stats_query.h"
#include "verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int add_hist(void *payload, const char *tag, const struct hist *h, struct err *e)
{
    return tag_set_merge(payload, tag, h, e);
}

static size_t describe_clusters(const struct recorder *r, struct derived_cluster *out)
{
    struct run_cluster clusters[RUN_CLUSTERS_MOST];
    const size_t n = run_clusters(r->params.plan, clusters);
    for (size_t i = 0; i < n; i++) {
        const struct plan_cluster *planned = clusters[i].planned;
        out[i] = (struct derived_cluster){
            .name = clusters[i].name,
            .instances = planned ? (const char *const *)planned->instances : NULL,
            .n_instances = planned ? planned->n_instances : 0,
            .label = clusters[i].label,
            .seconds = answer_seconds_of(&r->answers, clusters[i].name),
            .instance_type = planned ? planned->instance_type : NULL,
        };
    }
    return n;
}

static void describe_streams(const struct recorder *r, struct derived_stream *out)
{
    const struct plan *plan = r->params.plan;
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct stats_stream *counted = &r->run->streams[s];
        out[s] =
            (struct derived_stream){ .name = plan->streams[s].name,
                                     .cluster = plan->streams[s].cluster,
                                     .headline = stats_headline(&plan->streams[s]),
                                     .captures_instance = plan->streams[s].expect.has_instance,
                                     .timeout_ns = plan->streams[s].timeout_ns,
                                     .n_connections = plan->streams[s].n_connections,
                                     .round_trip_ns =
                                         r->params.round_trips ? r->params.round_trips->of_stream_ns[s] : 0,
                                     .target = plan_target_of(plan, &plan->streams[s])->url,
                                     .bytes_rx = counted->bytes[false].rx,
                                     .bytes_tx = counted->bytes[false].tx,
                                     .statuses = counted->statuses.rows,
                                     .n_statuses = counted->statuses.n };
    }
}

static uint64_t since_t0(const struct recorder *r, uint64_t at_ns)
{
    return at_ns == 0 ? DERIVED_NONE : at_ns > r->t0_monotonic_ns ? at_ns - r->t0_monotonic_ns : 0;
}

static void describe_phase(const struct recorder *r, const struct plan_stream *stream, size_t k,
                           uint64_t end_ns, struct derived_phase *out)
{
    const struct plan_phase *phase = &stream->phases[k];
    struct stats_counts ends;
    stats_count_phase(r->run, stream, k, &ends);
    const struct phase_span span = phase_span(r->params.phases, stream->first_phase_index + k, end_ns);
    *out = (struct derived_phase){
        .stream = stream->name,
        .cluster = stream->cluster,
        .name = phase->name,
        .kind = phase_kind_name(phase->kind),
        .warmup = phase->warmup,
        .start_ns = since_t0(r, span.start_ns),
        .end_ns = since_t0(r, span.end_ns),
        .n_requests = phase_has_count(phase->kind) ? phase->n_requests : DERIVED_NONE,
        .rate_per_s = phase_has_rate(phase->kind) ? phase->rate_per_s : NAN,
        .rate_end_per_s = phase_has_rate(phase->kind) ? phase->rate_end_per_s : NAN,
        .n_late = ends.n_late,
    };
    memcpy(out->n_outcomes, ends.n_outcomes, sizeof out->n_outcomes);
}

static void describe_checks(const struct verdict *verdict, struct derived_check *out)
{
    for (size_t i = 0; i < verdict->n_checks; i++) {
        const struct check *c = &verdict->checks[i];
        out[i] = (struct derived_check){ .rule = c->rule,
                                         .scope = c->scope,
                                         .level = check_level_name(c->level),
                                         .unit = c->unit,
                                         .what = c->what,
                                         .advice = c->advice,
                                         .value = c->value,
                                         .warn = c->warn,
                                         .invalid = c->invalid };
    }
}

static int describe(const struct recorder *r, const struct recorder_ending *ending,
                    const struct verdict *verdict, struct recorder_derived *d, struct err *e)
{
    const struct plan *plan = r->params.plan;
    d->phases = calloc(plan->n_phases + 1, sizeof *d->phases);
    d->checks = calloc(verdict->n_checks + 1, sizeof *d->checks);
    if (!d->phases || !d->checks)
        return err_set(e, ERR_FAILED, "out of memory while writing the tables of the run");
    if (hist_rows_walk(r->run, plan, &r->instances, add_hist, &d->tags, e))
        return -1;
    describe_streams(r, d->streams);
    for (size_t s = 0; s < plan->n_streams; s++)
        for (size_t k = 0; k < plan->streams[s].n_phases; k++)
            describe_phase(r, &plan->streams[s], k, ending->end_ns,
                           &d->phases[plan->streams[s].first_phase_index + k]);
    describe_checks(verdict, d->checks);
    d->run = (struct derived_run){ .clusters = d->clusters,
                                   .n_clusters = describe_clusters(r, d->clusters),
                                   .streams = d->streams,
                                   .n_streams = plan->n_streams,
                                   .phases = d->phases,
                                   .n_phases = plan->n_phases,
                                   .checks = d->checks,
                                   .n_checks = verdict->n_checks,
                                   .tags = &d->tags };
    return 0;
}

struct recorder_derived *recorder_derived_new(const struct recorder *r, const struct recorder_ending *ending,
                                              const struct verdict *verdict, struct err *e)
{
    struct recorder_derived *d = calloc(1, sizeof *d);
    if (!d)
        err_set(e, ERR_FAILED, "out of memory while writing the tables of the run");
    else if (describe(r, ending, verdict, d, e) == 0)
        return d;
    recorder_derived_free(d);
    return NULL;
}

void recorder_derived_free(struct recorder_derived *d)
{
    if (!d)
        return;
    tag_set_fini(&d->tags);
    free(d->phases);
    free(d->checks);
    free(d);
}
