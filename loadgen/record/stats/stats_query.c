#include "stats_query.h"

#include <string.h>

enum metric stats_headline(const struct plan_stream *stream)
{
    return stream->model == PLAN_OPEN ? METRIC_RESPONSE : METRIC_SERVICE;
}

uint64_t stats_streams_named(const struct plan *plan, const char *name)
{
    uint64_t streams = 0;
    for (size_t i = 0; i < plan->n_streams; i++)
        if (!*name || strcmp(plan->streams[i].cluster, name) == 0 || strcmp(plan->streams[i].name, name) == 0)
            streams |= UINT64_C(1) << i;
    return streams;
}

static bool has_stream(const struct stats_scope *scope, size_t i)
{
    return scope->streams >> i & 1;
}

static void add_phase(struct stats_counts *counts, const struct stats_phase *phase)
{
    for (int o = 0; o < N_OUTCOMES; o++) {
        counts->n_outcomes[o] += phase->n_outcomes[o];
        counts->n_err += outcome_is_failure((enum outcome)o) ? phase->n_outcomes[o] : 0;
    }
    counts->n_ok = counts->n_outcomes[OUTCOME_OK];
    counts->n_done = counts->n_ok + counts->n_err;
    counts->n_censored = counts->n_outcomes[OUTCOME_CENSORED];
    counts->n_late += phase->n_late;
}

void stats_count(const struct stats *stats, const struct stats_scope *scope, struct stats_counts *counts)
{
    *counts = (struct stats_counts){ 0 };
    for (size_t i = 0; i < scope->plan->n_streams; i++) {
        const struct plan_stream *stream = &scope->plan->streams[i];
        for (size_t k = 0; has_stream(scope, i) && k < stream->n_phases; k++)
            if (scope->with_warmup || !stream->phases[k].warmup)
                add_phase(counts, &stats->phases[stream->first_phase_index + k]);
    }
}

void stats_count_phase(const struct stats *stats, size_t phase_index, struct stats_counts *counts)
{
    *counts = (struct stats_counts){ 0 };
    add_phase(counts, &stats->phases[phase_index]);
}

uint64_t stats_in_no_instance(const struct stats *stats, const struct plan *plan, size_t stream)
{
    const struct plan_stream *about = &plan->streams[stream];
    uint64_t n = 0;
    uint64_t n_named = 0;
    for (size_t k = 0; k < about->n_phases; k++) {
        const struct stats_phase *phase = &stats->phases[about->first_phase_index + k];
        const struct stats_cell *cell = phase->cells[OUTCOME_OK];
        n += phase->n_outcomes[OUTCOME_OK];
        for (uint32_t i = 0; cell && i < cell->n_instances; i++)
            n_named += cell->instances[i] ? cell->instances[i]->n : 0;
    }
    return n > n_named ? n - n_named : 0;
}

/* The histograms found so far: none, one, or several merged in `scratch`. */
struct gathered {
    const struct hist *only;
    struct hist *scratch;
    bool is_merged;
};

static void gather(struct gathered *g, const struct hist *h)
{
    if (!h || h->n == 0)
        return;
    if (!g->only) {
        g->only = h;
        return;
    }
    if (!g->is_merged) {
        hist_merge(g->scratch, g->only);
        g->is_merged = true;
    }
    hist_merge(g->scratch, h);
}

/* A set of outcomes, bit by bit. */
#define ONLY(outcome) (1U << (outcome))
#define EVERY_OUTCOME (ONLY(N_OUTCOMES) - 1)

static void gather_phase(struct gathered *g, const struct stats_phase *phase, unsigned outcomes,
                         enum metric metric)
{
    for (int o = 0; o < N_OUTCOMES; o++)
        if (phase->cells[o] && (outcomes >> o & 1))
            gather(g, phase->cells[o]->metrics[metric]);
}

static const struct hist *values_of(const struct stats *stats, const struct stats_scope *scope,
                                    unsigned outcomes, enum metric metric, struct hist *scratch)
{
    struct gathered g = { .scratch = scratch };
    hist_clear(scratch);
    for (size_t i = 0; i < scope->plan->n_streams; i++) {
        const struct plan_stream *stream = &scope->plan->streams[i];
        const enum metric wanted = metric == STATS_HEADLINE ? stats_headline(stream) : metric;
        for (size_t k = 0; has_stream(scope, i) && k < stream->n_phases; k++)
            if (scope->with_warmup || !stream->phases[k].warmup)
                gather_phase(&g, &stats->phases[stream->first_phase_index + k], outcomes, wanted);
    }
    return g.only && !g.is_merged ? g.only : scratch;
}

const struct hist *stats_values(const struct stats *stats, const struct stats_scope *scope,
                                enum metric metric, struct hist *scratch)
{
    return values_of(stats, scope, EVERY_OUTCOME & ~ONLY(OUTCOME_RESET_IDLE), metric, scratch);
}

static uint64_t shortest_timeout_ns(const struct stats_scope *scope)
{
    uint64_t least_ns = UINT64_MAX;
    for (size_t i = 0; i < scope->plan->n_streams; i++)
        if (has_stream(scope, i) && scope->plan->streams[i].timeout_ns < least_ns)
            least_ns = scope->plan->streams[i].timeout_ns;
    return least_ns < UINT64_MAX ? least_ns : 0;
}

struct attempts stats_attempts(const struct stats *stats, const struct stats_scope *scope,
                               struct hist *const scratch[2])
{
    struct stats_counts ends;
    stats_count(stats, scope, &ends);
    return (struct attempts){
        .ok = values_of(stats, scope, ONLY(OUTCOME_OK), STATS_HEADLINE, scratch[0]),
        .censored = values_of(stats, scope, ONLY(OUTCOME_CENSORED), STATS_HEADLINE, scratch[1]),
        .n_censored = ends.n_censored,
        .n_failed = ends.n_err,
        .n_timeout = ends.n_outcomes[OUTCOME_TIMEOUT],
        .timeout_ns = shortest_timeout_ns(scope),
    };
}

static uint64_t n_of(const struct stats_cell *cell, enum metric metric)
{
    return cell && cell->metrics[metric] ? cell->metrics[metric]->n : 0;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* A request that was sent has a service time; one that was due has a response time, unless it was dropped. */
static uint64_t missing_headline(const struct plan_stream *stream, enum outcome outcome, uint64_t n_counted,
                                 const struct stats_cell *cell)
{
    const uint64_t n = n_of(cell, stats_headline(stream));
    const bool has_all = stream->model == PLAN_OPEN ? outcome != OUTCOME_DROPPED : outcome == OUTCOME_OK;
    if (outcome == OUTCOME_RESET_IDLE)
        return n;
    if (has_all)
        return distance(n, n_counted);
    return n > n_counted ? n - n_counted : 0;
}

static uint64_t missing_in_cell(const struct plan_stream *stream, enum outcome outcome, uint64_t n_counted,
                                const struct stats_cell *cell)
{
    uint64_t n = missing_headline(stream, outcome, n_counted, cell);
    n += distance(n_of(cell, METRIC_RX_AGE), n_of(cell, METRIC_SERVICE_LESS_G));
    if (stream->model != PLAN_OPEN)
        return n;
    n += distance(n_of(cell, METRIC_RESPONSE), n_of(cell, METRIC_RESPONSE_LESS_G));
    n += distance(n_of(cell, METRIC_SERVICE), n_of(cell, METRIC_CONN_WAIT));
    return n + (outcome == OUTCOME_RESET_IDLE ? 0 : distance(n_of(cell, METRIC_LAG), n_counted));
}

uint64_t stats_missing(const struct stats *stats, const struct plan *plan, size_t stream)
{
    const struct plan_stream *planned = &plan->streams[stream];
    uint64_t n = 0;
    for (size_t k = 0; k < planned->n_phases; k++) {
        const struct stats_phase *phase = &stats->phases[planned->first_phase_index + k];
        for (int o = 0; o < N_OUTCOMES; o++)
            n += missing_in_cell(planned, (enum outcome)o, phase->n_outcomes[o], phase->cells[o]);
    }
    return n;
}
