#include "rule.h"

#include "rule_limits.h"
#include "stats_query.h"

#include <math.h>

/* G_p = 1 - Q_p(time less the generator's part) / Q_p(time), subtracted per request and not per percentile,
 * so that values compare. A lower bound: if the generator sends in bursts, the target's queueing counts as
 * the target's. */
bool rule_measure_share(const struct rule_case *c, struct check *check)
{
    const struct rule_input *in = c->in;
    const struct plan_stream *stream = &in->plan->streams[c->stream];
    const struct stats_scope scope = { .plan = in->plan, .streams = UINT64_C(1) << c->stream };
    const enum metric less = stream->model == PLAN_OPEN ? METRIC_RESPONSE_LESS_G : METRIC_SERVICE_LESS_G;
    const struct hist *times = stats_values(in->run, &scope, STATS_HEADLINE, in->scratch[0]);
    const struct hist *times_less = stats_values(in->run, &scope, less, in->scratch[1]);
    if (hist_n_beyond(times->n, c->p_ppm) < QUOTED_BEYOND_LEAST || times_less->n < times->n - times->n / 100)
        return false;
    const double time_ns = (double)hist_value_at_ppm(times, c->p_ppm);
    const double less_ns = (double)hist_value_at_ppm(times_less, c->p_ppm);
    const double pct_per_ns = time_ns > 0 ? 100.0 / time_ns : INFINITY;
    check->value = time_ns > less_ns ? 100.0 * (1.0 - less_ns / time_ns) : 0.0;
    check->warn = rule_larger(R2_WARN_PCT, pct_per_ns * (double)R2_WARN_FLOOR_NS);
    check->invalid = rule_larger(R2_INVALID_PCT, pct_per_ns * (double)R2_INVALID_FLOOR_NS);
    return true;
}

bool rule_measure_busy(const struct rule_case *c, struct check *check)
{
    const struct rule_input *in = c->in;
    check->value = 100.0 * (double)in->n_busy_seconds / (double)in->n_seconds;
    return in->n_seconds > 0;
}

bool rule_measure_stopped(const struct rule_case *c, struct check *check)
{
    const struct rule_input *in = c->in;
    check->value = 100.0 * (double)in->stopped_ns / (double)in->thread_ns;
    return in->thread_ns > 0;
}

bool rule_measure_large(const struct rule_case *c, struct check *check)
{
    const struct stats_stream *sums = &c->in->run->streams[c->stream];
    check->value = fmin(100.0, 100.0 * (double)sums->n_large / (double)sums->n_sent);
    return sums->n_sent > 0;
}

/* An iteration matters if it is long compared with the quoted times, and distorts p99 if it affected one
 * request in a hundred. */
bool rule_measure_iteration(const struct rule_case *c, struct check *check)
{
    const struct rule_input *in = c->in;
    double p99_ns = INFINITY;
    double max_ns = 0;
    for (size_t s = 0; s < in->plan->n_streams; s++) {
        const struct stats_scope scope = { .plan = in->plan, .streams = UINT64_C(1) << s };
        const struct hist *times = stats_values(in->run, &scope, STATS_HEADLINE, in->scratch[0]);
        max_ns = rule_larger(max_ns, (double)times->max_ns);
        if (hist_n_beyond(times->n, 990000) >= QUOTED_BEYOND_LEAST)
            p99_ns = fmin(p99_ns, (double)hist_value_at_ppm(times, 990000));
    }
    const double affecting_ms = R6_SHARE_OF_RUN * (double)in->duration_ns / 1e6;
    check->value = (double)in->iteration_max_ns / 1e6;
    check->warn = rule_larger(R6_WARN_MS, R6_SHARE_OF_TIME * max_ns / 1e6);
    check->invalid = isfinite(p99_ns)
                         ? rule_larger(rule_larger(R6_WARN_MS, affecting_ms), R6_SHARE_OF_TIME * p99_ns / 1e6)
                         : NAN;
    return in->iteration_max_ns > 0;
}
