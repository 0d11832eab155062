#include "rule.h"

#include "rule_limits.h"
#include "stats_query.h"

#include <math.h>

/* The mean gap of a phase, at least a millisecond. Recorded gaps differ too much for their mean to matter. */
static uint64_t late_ns(const struct plan_phase *phase)
{
    if (phase->kind == PLAN_PHASE_REPLAY)
        return R3_LATE_NS;
    const double rate_per_s = (phase->rate_per_s + phase->rate_end_per_s) / 2;
    const double gap_ns = rate_per_s > 0 ? 1e9 / rate_per_s : 0;
    return gap_ns > (double)R3_LATE_NS ? (uint64_t)gap_ns : R3_LATE_NS;
}

static double late_pct(const struct rule_case *c, uint64_t *n_all)
{
    const struct plan_stream *stream = &c->in->plan->streams[c->stream];
    uint64_t n = 0;
    uint64_t n_late = 0;
    for (size_t i = 0; i < plan_n_request_rows(stream) * stream->n_phases; i++) {
        const struct stats_cell *cell = &c->in->run->cells[stream->first_cell_index + i];
        const struct plan_phase *phase = &stream->phases[i % stream->n_phases];
        for (int o = 0; o < N_OUTCOMES && !phase->warmup; o++) {
            const struct hist *lag = cell->times[o] ? cell->times[o]->metrics[METRIC_LAG] : NULL;
            n += lag ? lag->n : 0;
            n_late += lag ? hist_n_above(lag, late_ns(phase)) : 0;
        }
    }
    *n_all = n;
    return n > 0 ? 100.0 * (double)n_late / (double)n : 0;
}

bool rule_measure_late(const struct rule_case *c, struct check *check)
{
    uint64_t n;
    check->value = late_pct(c, &n);
    if (n == 0)
        return false;
    const double few_pct = 100.0 * R3_LATE_LEAST / (double)n;
    check->warn = rule_larger(R3_WARN_PCT, few_pct);
    check->invalid = rule_larger(R3_INVALID_PCT, few_pct);
    return true;
}

bool rule_is_own_limit(const struct rule_case *c)
{
    uint64_t n;
    return 100.0 * (double)c->in->n_busy_seconds > R4_WARN_PCT * (double)c->in->n_seconds ||
           late_pct(c, &n) > R3_INVALID_PCT;
}

/* The number of seconds in which requests are due. */
static size_t n_scheduled_seconds(const struct plan_stream *stream)
{
    uint64_t start_ns = 0;
    uint64_t last_due_ns = 0;
    for (size_t k = 0; k < stream->n_phases; k++) {
        const struct plan_phase *phase = &stream->phases[k];
        if (phase->kind == PLAN_PHASE_BURST)
            last_due_ns = start_ns;
        else if (phase->kind != PLAN_PHASE_PAUSE && phase->duration_ns > 0)
            last_due_ns = start_ns + phase->duration_ns - 1;
        start_ns += phase->duration_ns;
    }
    return last_due_ns / NS_PER_S + 1;
}

/* Compares up to the second in which the last request was due; whatever was sent later was late. A request
 * counts as intended when the generator picks it up, even after the schedule's end, and is sent once there is
 * a connection. Missing ones waited for a connection, the generator's fault only if it was at its limit. */
bool rule_measure_rate(const struct rule_case *c, struct check *check)
{
    const struct rule_series *series = &c->in->series[c->stream];
    const size_t n_scheduled = n_scheduled_seconds(&c->in->plan->streams[c->stream]);
    if (series->n == 0 || series->seconds[series->n - 1].n_intended == 0)
        return false;
    const size_t n = series->n < n_scheduled ? series->n : n_scheduled;
    const double n_intended = (double)series->seconds[series->n - 1].n_intended;
    check->value = 100.0 * fabs(1.0 - (double)series->seconds[n - 1].n_sent / n_intended);
    /* One request may be due at the very end of the schedule. */
    check->warn = rule_larger(R1_WARN_PCT, 100.0 / n_intended);
    check->invalid = rule_is_own_limit(c) ? rule_larger(R1_INVALID_PCT, check->warn) : NAN;
    return true;
}

bool rule_measure_dropped(const struct rule_case *c, struct check *check)
{
    const struct plan_stream *stream = &c->in->plan->streams[c->stream];
    struct stats_scope scope = { .plan = c->in->plan, .streams = UINT64_C(1) << c->stream };
    struct stats_counts ends;
    if (plan_has_session_row(stream)) /* what arrives are sessions */
        scope.row = &stream->rows[stream->n_rows - 1];
    stats_count(c->in->run, &scope, &ends);
    const uint64_t n_attempts = ends.n_done + ends.n_censored;
    if (n_attempts == 0)
        return false;
    check->value = 100.0 * (double)ends.n_outcomes[OUTCOME_DROPPED] / (double)n_attempts;
    if (!rule_is_own_limit(c))
        check->invalid = NAN;
    return true;
}

static bool has_burst(const struct plan_stream *stream)
{
    for (size_t k = 0; k < stream->n_phases; k++)
        if (stream->phases[k].kind == PLAN_PHASE_BURST)
            return true;
    return false;
}

/* The Kolmogorov-Smirnov distance between due and sent requests, at the ends of seconds and at the largest
 * backlog, which a burst has by design. With few requests, the limit is the critical value at level 0.01. */
bool rule_measure_arrivals(const struct rule_case *c, struct check *check)
{
    const struct rule_series *series = &c->in->series[c->stream];
    const struct rule_second *last = series->n > 0 ? &series->seconds[series->n - 1] : NULL;
    const bool counts_backlog = !has_burst(&c->in->plan->streams[c->stream]);
    if (!last || last->n_intended < 100 || last->n_sent < 100)
        return false;
    check->value = 0;
    for (size_t i = 0; i < series->n; i++) {
        const double due = (double)series->seconds[i].n_intended / (double)last->n_intended;
        const double sent = (double)series->seconds[i].n_sent / (double)last->n_sent;
        const double backlog = (double)series->seconds[i].n_backlog / (double)last->n_intended;
        check->value = rule_larger(check->value, fabs(due - sent));
        if (counts_backlog)
            check->value = rule_larger(check->value, backlog);
    }
    check->warn = rule_larger(R16_WARN, R16_CRITICAL / sqrt((double)last->n_intended));
    return true;
}
