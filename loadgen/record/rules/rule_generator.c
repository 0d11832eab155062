#include "rule.h"

#include "rule_limits.h"
#include "stats_query.h"

#include <math.h>

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
