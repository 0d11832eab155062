#include "rule.h"

#include "err.h"
#include "level.h"
#include "names.h"
#include "rule_limits.h"
#include "stats_query.h"

#include <math.h>
#include <stdlib.h>

uint32_t rule_quoted_ppm(uint64_t n)
{
    static const uint32_t candidates[] = { 990000, 900000, 500000 };
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
        if (hist_n_beyond(n, candidates[i]) >= QUOTED_BEYOND_LEAST)
            return candidates[i];
    return 0;
}

static struct stats_counts count_stream(const struct rule_case *c, bool with_warmup)
{
    const struct stats_scope scope = { .plan = c->in->plan,
                                       .streams = UINT64_C(1) << c->stream,
                                       .with_warmup = with_warmup };
    struct stats_counts ends;
    stats_count(c->in->run, &scope, &ends);
    return ends;
}

static double share_beyond(uint32_t p_ppm)
{
    return (double)(1000000 - p_ppm) / 1e6;
}

bool rule_measure_overflow(const struct rule_case *c, struct check *check)
{
    const struct stats_scope scope = { .plan = c->in->plan, .streams = UINT64_C(1) << c->stream };
    const struct hist *times = stats_values(c->in->run, &scope, STATS_HEADLINE, c->in->scratch[0]);
    const uint32_t p_ppm = rule_quoted_ppm(times->n);
    if (times->n == 0)
        return false;
    check->value = (double)times->n_overflow;
    check->invalid = p_ppm > 0 ? R7_SHARE_OF_BEYOND * share_beyond(p_ppm) * (double)times->n : NAN;
    return true;
}

bool rule_measure_errors(const struct rule_case *c, struct check *check)
{
    const struct stats_counts ends = count_stream(c, false);
    const uint64_t n_attempts = ends.n_done + ends.n_censored;
    check->value = 100.0 * (double)ends.n_err / (double)n_attempts;
    return n_attempts > 0;
}

bool rule_measure_ports(const struct rule_case *c, struct check *check)
{
    const struct stats_counts ends = count_stream(c, false);
    check->value = 100.0 * (double)ends.n_outcomes[OUTCOME_PORTS] / (double)(ends.n_done + ends.n_censored);
    return ends.n_outcomes[OUTCOME_PORTS] > 0;
}

bool rule_measure_beyond(const struct rule_case *c, struct check *check)
{
    const struct rule_input *in = c->in;
    const struct stats_scope scope = stats_scope_named(in->plan, c->threshold->scope);
    struct stats_counts ends;
    stats_count(in->run, &scope, &ends);
    check->value = (double)hist_n_beyond(ends.n_done + ends.n_censored, c->threshold->p_ppm);
    return c->threshold->metric == THRESHOLD_PERCENTILE;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* Every due request has one outcome, every sent one a service time, and every outcome its times. */
bool rule_measure_unexplained(const struct rule_case *c, struct check *check)
{
    const struct rule_input *in = c->in;
    const struct stats_counts ends = count_stream(c, true);
    const struct stats_stream *sums = &in->run->streams[c->stream];
    const struct stats_scope sent = { .plan = in->plan,
                                      .streams = UINT64_C(1) << c->stream,
                                      .with_warmup = true };
    const uint64_t n_attempts = ends.n_done + ends.n_censored;
    uint64_t n_lost = stats_missing(in->run, in->plan, c->stream);
    n_lost += distance(stats_values(in->run, &sent, METRIC_SERVICE, in->scratch[0])->n, sums->n_sent);
    if (plan_stream_has_due(&in->plan->streams[c->stream]))
        n_lost += distance(sums->n_intended, n_attempts);
    check->value = 100.0 * (double)n_lost / (double)(n_attempts > 0 ? n_attempts : 1);
    return in->is_whole && n_attempts + n_lost > 0;
}

/* More ids than are kept: what `{instance}` captures is hardly an instance. */
bool rule_measure_unkept(const struct rule_case *c, struct check *check)
{
    const struct rule_input *in = c->in;
    const bool is_full = in->instances && names_is_full(in->instances);
    check->value = is_full ? (double)stats_in_no_instance(in->run, in->plan, c->stream) : 0;
    return in->plan->streams[c->stream].expect.has_instance;
}

/* Judges the 1-s medians of a phase; `medians` has room for all. */
static struct level level_of_phase(const struct rule_series *series, uint32_t phase, double *medians,
                                   struct err *e)
{
    struct level level = { .answer = LEVEL_UNKNOWN };
    size_t n = 0;
    for (size_t i = 0; i < series->n; i++)
        if (series->seconds[i].phase == phase && series->seconds[i].is_whole && series->seconds[i].p50_ns > 0)
            medians[n++] = (double)series->seconds[i].p50_ns;
    level_judge(medians, n, &level, e);
    return level;
}

static bool is_steady_load(const struct plan_phase *phase)
{
    return !phase->warmup && (phase->kind == PLAN_PHASE_REQUESTS || phase->kind == PLAN_PHASE_DURATION ||
                              phase->kind == PLAN_PHASE_RATE);
}

bool rule_measure_drift(const struct rule_case *c, struct check *check)
{
    const struct plan_stream *stream = &c->in->plan->streams[c->stream];
    const struct rule_series *series = &c->in->series[c->stream];
    double *medians = malloc((series->n + 1) * sizeof *medians);
    if (!medians)
        return err_set(c->failure, ERR_FAILED, "out of memory while judging the run") == 0;
    bool is_judged = false, depends = false;
    check->value = 0;
    for (uint32_t k = 0; k < stream->n_phases && !c->failure->kind; k++) {
        if (!is_steady_load(&stream->phases[k]))
            continue;
        const struct level level = level_of_phase(series, k, medians, c->failure);
        is_judged |= level.answer != LEVEL_UNKNOWN;
        depends |= level.answer == LEVEL_DEPENDENT;
        if (level.answer == LEVEL_CHANGED)
            check->value = rule_larger(check->value, 100 * fabs(level.change));
    }
    free(medians);
    if (depends && check->value == 0) {
        check->value = NAN;
        check->advice =
            "Seconds depend on each other here, so a change of level cannot be told apart from their normal "
            "variation.";
    }
    return is_judged;
}
