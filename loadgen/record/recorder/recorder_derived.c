#include "recorder_derived.h"

#include "err.h"
#include "hist_rows.h"
#include "phase_clock.h"
#include "plan_json.h"
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
        const bool is_http2 = plan_is_http2(plan, &plan->streams[s]);
        out[s] =
            (struct derived_stream){ .name = plan->streams[s].name,
                                     .cluster = plan->streams[s].cluster,
                                     .headline = stats_headline(&plan->streams[s]),
                                     .is_open = plan->streams[s].model == PLAN_OPEN,
                                     .captures_instance = plan->streams[s].expect.has_instance,
                                     .timeout_ns = plan->streams[s].timeout_ns,
                                     .n_connections = plan->streams[s].n_connections,
                                     .http = plan_json_http(plan_target_of(plan, &plan->streams[s])),
                                     .streams_per_connection = is_http2 ? plan->streams[s].in_flight_most : 0,
                                     .again = &counted->again,
                                     .http2 = is_http2 ? &counted->http2 : NULL,
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

/* The rows of the plan's session streams, one stream after the other. */
static void describe_rows(const struct plan *plan, struct recorder_derived *d)
{
    struct derived_row *next = d->rows;
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct plan_stream *stream = &plan->streams[s];
        if (!stream->rows)
            continue;
        d->streams[s].rows = next;
        d->streams[s].n_rows = stream->n_rows;
        for (size_t i = 0; i < stream->n_rows; i++)
            *next++ = (struct derived_row){ .name = stream->rows[i].name,
                                            .is_session = stream->rows[i].kind == PLAN_ROW_SESSION };
    }
}

static struct derived_cell cell_of(const struct stats_counts *ends)
{
    struct derived_cell cell = { .n_late = ends->n_late };
    memcpy(cell.n_outcomes, ends->n_outcomes, sizeof cell.n_outcomes);
    return cell;
}

/* What ended in each row of the stream in that phase. Returns where the next phase's are written. */
static struct derived_cell *describe_cells(const struct recorder *r, const struct plan_stream *stream,
                                           size_t k, struct derived_cell *cells)
{
    for (size_t i = 0; stream->rows && i < stream->n_rows; i++) {
        struct stats_counts ends;
        stats_count_cell(r->run, plan_cell(stream, i, k), &ends);
        *cells++ = cell_of(&ends);
    }
    return cells;
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
        .all = cell_of(&ends),
    };
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
    d->rows = calloc(plan->n_cells + 1, sizeof *d->rows); /* a stream has as many cells as rows, or more */
    d->cells = calloc(plan->n_cells + 1, sizeof *d->cells);
    d->checks = calloc(verdict->n_checks + 1, sizeof *d->checks);
    if (!d->phases || !d->checks || !d->rows || !d->cells)
        return err_set(e, ERR_FAILED, "out of memory while writing the tables of the run");
    if (hist_rows_walk(r->run, plan, &r->instances, add_hist, &d->tags, e))
        return -1;
    describe_streams(r, d->streams);
    describe_rows(plan, d);
    struct derived_cell *cells = d->cells;
    for (size_t s = 0; s < plan->n_streams; s++)
        for (size_t k = 0; k < plan->streams[s].n_phases; k++) {
            struct derived_phase *phase = &d->phases[plan->streams[s].first_phase_index + k];
            describe_phase(r, &plan->streams[s], k, ending->end_ns, phase);
            phase->cells = plan->streams[s].rows ? cells : NULL;
            cells = describe_cells(r, &plan->streams[s], k, cells);
        }
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
    free(d->rows);
    free(d->cells);
    free(d->checks);
    free(d);
}
