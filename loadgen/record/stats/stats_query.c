#include "stats_query.h"

#include <string.h>

enum metric stats_headline(const struct plan_stream *stream)
{
    return plan_stream_has_due(stream) ? METRIC_RESPONSE : METRIC_SERVICE;
}

enum metric stats_row_headline(const struct plan_stream *stream, size_t row)
{
    return row < plan_n_request_rows(stream) ? stats_headline(stream) : METRIC_BUSY;
}

static struct stats_scope step_named(const struct plan *plan, const char *stream, const char *step)
{
    struct stats_scope scope = { .plan = plan };
    for (size_t i = 0; i < plan->n_streams && !scope.row; i++) {
        const struct plan_stream *s = &plan->streams[i];
        const size_t row = s->rows && strcmp(s->name, stream) == 0 ? plan_find_row(s, step) : s->n_rows;
        if (row < s->n_rows) {
            scope.streams = UINT64_C(1) << i;
            scope.row = &s->rows[row];
        }
    }
    return scope;
}

struct stats_scope stats_scope_named(const struct plan *plan, const char *name)
{
    struct stats_scope scope = { .plan = plan };
    char stream[TAGS_NAME_BYTES], step[TAGS_STEP_BYTES];
    if (tags_split_stream(name, stream, step) && *step)
        return step_named(plan, stream, step);
    for (size_t i = 0; i < plan->n_streams; i++)
        if (!*name || strcmp(plan->streams[i].cluster, name) == 0 || strcmp(plan->streams[i].name, name) == 0)
            scope.streams |= UINT64_C(1) << i;
    return scope;
}

static bool has_stream(const struct stats_scope *scope, size_t i)
{
    return scope->streams >> i & 1;
}

/* Rows of a stream, from `first` up to but excluding `end`. */
struct row_range {
    size_t first, end;
};

static struct row_range rows_in(const struct stats_scope *scope, const struct plan_stream *stream)
{
    if (!scope->row)
        return (struct row_range){ 0, plan_n_request_rows(stream) };
    const size_t row = (size_t)(scope->row - stream->rows);
    return (struct row_range){ row, row + 1 };
}

static bool has_phase(const struct stats_scope *scope, const struct plan_phase *phase)
{
    return scope->with_warmup || !phase->warmup;
}

static void add_cell(struct stats_counts *counts, const struct stats_cell *cell)
{
    for (int o = 0; o < N_OUTCOMES; o++) {
        counts->n_outcomes[o] += cell->n_outcomes[o];
        counts->n_err += outcome_is_failure((enum outcome)o) ? cell->n_outcomes[o] : 0;
    }
    counts->n_ok = counts->n_outcomes[OUTCOME_OK];
    counts->n_done = counts->n_ok + counts->n_err;
    counts->n_censored = counts->n_outcomes[OUTCOME_CENSORED];
    counts->n_late += cell->n_late;
}

static void count_stream(const struct stats *stats, const struct stats_scope *scope,
                         const struct plan_stream *stream, struct stats_counts *counts)
{
    const struct row_range rows = rows_in(scope, stream);
    for (size_t row = rows.first; row < rows.end; row++)
        for (size_t k = 0; k < stream->n_phases; k++)
            if (has_phase(scope, &stream->phases[k]))
                add_cell(counts, &stats->cells[plan_cell(stream, row, k)]);
}

void stats_count(const struct stats *stats, const struct stats_scope *scope, struct stats_counts *counts)
{
    *counts = (struct stats_counts){ 0 };
    for (size_t i = 0; i < scope->plan->n_streams; i++)
        if (has_stream(scope, i))
            count_stream(stats, scope, &scope->plan->streams[i], counts);
}

void stats_count_phase(const struct stats *stats, const struct plan_stream *stream, size_t phase,
                       struct stats_counts *counts)
{
    *counts = (struct stats_counts){ 0 };
    for (size_t row = 0; row < plan_n_request_rows(stream); row++)
        add_cell(counts, &stats->cells[plan_cell(stream, row, phase)]);
}

void stats_count_cell(const struct stats *stats, size_t cell, struct stats_counts *counts)
{
    *counts = (struct stats_counts){ 0 };
    add_cell(counts, &stats->cells[cell]);
}

uint64_t stats_in_no_instance(const struct stats *stats, const struct plan *plan, size_t stream)
{
    const struct plan_stream *about = &plan->streams[stream];
    uint64_t n = 0;
    uint64_t n_named = 0;
    for (size_t c = 0; c < plan_n_request_rows(about) * about->n_phases; c++) {
        const struct stats_cell *cell = &stats->cells[about->first_cell_index + c];
        const struct stats_times *times = cell->times[OUTCOME_OK];
        n += cell->n_outcomes[OUTCOME_OK];
        for (uint32_t i = 0; times && i < times->n_instances; i++)
            n_named += times->instances[i] ? times->instances[i]->n : 0;
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

static void gather_cell(struct gathered *g, const struct stats_cell *cell, unsigned outcomes,
                        enum metric metric)
{
    for (int o = 0; o < N_OUTCOMES; o++)
        if (cell->times[o] && (outcomes >> o & 1))
            gather(g, cell->times[o]->metrics[metric]);
}

static void gather_stream(struct gathered *g, const struct stats *stats, const struct stats_scope *scope,
                          const struct plan_stream *stream, unsigned outcomes, enum metric metric)
{
    const struct row_range rows = rows_in(scope, stream);
    for (size_t row = rows.first; row < rows.end; row++) {
        const enum metric wanted = metric == STATS_HEADLINE ? stats_row_headline(stream, row) : metric;
        for (size_t k = 0; k < stream->n_phases; k++)
            if (has_phase(scope, &stream->phases[k]))
                gather_cell(g, &stats->cells[plan_cell(stream, row, k)], outcomes, wanted);
    }
}

static const struct hist *values_of(const struct stats *stats, const struct stats_scope *scope,
                                    unsigned outcomes, enum metric metric, struct hist *scratch)
{
    struct gathered g = { .scratch = scratch };
    hist_clear(scratch);
    for (size_t i = 0; i < scope->plan->n_streams; i++)
        if (has_stream(scope, i))
            gather_stream(&g, stats, scope, &scope->plan->streams[i], outcomes, metric);
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

static uint64_t n_of(const struct stats_times *times, enum metric metric)
{
    return times && times->metrics[metric] ? times->metrics[metric]->n : 0;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* A request that was sent has a service time; one that was due has a response time, unless it was dropped. */
static uint64_t missing_headline(const struct plan_stream *stream, enum outcome outcome, uint64_t n_counted,
                                 const struct stats_times *times)
{
    const uint64_t n = n_of(times, stats_headline(stream));
    const bool has_all = plan_stream_has_due(stream) ? outcome != OUTCOME_DROPPED : outcome == OUTCOME_OK;
    if (outcome == OUTCOME_RESET_IDLE)
        return n;
    if (has_all)
        return distance(n, n_counted);
    return n > n_counted ? n - n_counted : 0;
}

static uint64_t missing_of_requests(const struct plan_stream *stream, enum outcome outcome,
                                    uint64_t n_counted, const struct stats_times *times)
{
    uint64_t n = missing_headline(stream, outcome, n_counted, times);
    n += distance(n_of(times, METRIC_RX_AGE), n_of(times, METRIC_SERVICE_LESS_G));
    if (!plan_stream_has_due(stream))
        return n;
    n += distance(n_of(times, METRIC_RESPONSE), n_of(times, METRIC_RESPONSE_LESS_G));
    n += distance(n_of(times, METRIC_SERVICE), n_of(times, METRIC_CONN_WAIT));
    return n + (outcome == OUTCOME_RESET_IDLE ? 0 : distance(n_of(times, METRIC_LAG), n_counted));
}

/* Every pass that began has both times. */
static uint64_t missing_of_passes(enum outcome outcome, uint64_t n_counted, const struct stats_times *times)
{
    const uint64_t n_most = outcome == OUTCOME_DROPPED ? 0 : n_counted;
    return distance(n_of(times, METRIC_BUSY), n_most) + distance(n_of(times, METRIC_TOTAL), n_most);
}

uint64_t stats_missing(const struct stats *stats, const struct plan *plan, size_t stream)
{
    const struct plan_stream *planned = &plan->streams[stream];
    const size_t n_of_requests = plan_n_request_rows(planned) * planned->n_phases;
    uint64_t n = 0;
    for (size_t c = 0; c < planned->n_rows * planned->n_phases; c++) {
        const struct stats_cell *cell = &stats->cells[planned->first_cell_index + c];
        for (int o = 0; o < N_OUTCOMES; o++)
            n += c < n_of_requests
                     ? missing_of_requests(planned, (enum outcome)o, cell->n_outcomes[o], cell->times[o])
                     : missing_of_passes((enum outcome)o, cell->n_outcomes[o], cell->times[o]);
    }
    return n;
}
