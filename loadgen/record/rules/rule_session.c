#include "rule.h"
#include "session.h"
#include "stats_query.h"

static const struct plan_stream *stream_of(const struct rule_case *c)
{
    return &c->in->plan->streams[c->stream];
}

static const struct stats_sessions *sessions_of(const struct rule_case *c)
{
    return &c->in->run->streams[c->stream].sessions;
}

bool rule_measure_cut(const struct rule_case *c, struct check *check)
{
    const struct plan_stream *stream = stream_of(c);
    const struct stats_scope scope = { .plan = c->in->plan,
                                       .streams = UINT64_C(1) << c->stream,
                                       .row = &stream->rows[stream->n_rows - 1] };
    struct stats_counts ends;
    stats_count(c->in->run, &scope, &ends);
    const uint64_t n_begun = ends.n_done + ends.n_censored - ends.n_outcomes[OUTCOME_DROPPED];
    check->value = 100.0 * (double)ends.n_censored / (double)n_begun;
    return n_begun > 0;
}

bool rule_measure_pool(const struct rule_case *c, struct check *check)
{
    check->value = (double)sessions_of(c)->n_pool_full;
    return check->value > 0;
}

bool rule_measure_paces(const struct rule_case *c, struct check *check)
{
    const struct stats_sessions *sessions = sessions_of(c);
    check->value = 100.0 * (double)sessions->n_late_paces / (double)sessions->n_begun;
    return stream_of(c)->session && stream_of(c)->session->pace_ns > 0 && sessions->n_begun > 0;
}
