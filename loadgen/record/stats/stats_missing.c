#include "stats_missing.h"

#include "stats_query.h"

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
