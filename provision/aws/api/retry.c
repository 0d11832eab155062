#include "retry.h"

#include "units.h"

enum { COST = 5, COST_TIMED_OUT = 10, WAIT_MOST_S = 20, MISSING_WAIT_MOST_S = 5, ASKED_ABOVE_MOST_S = 5 };

void retry_bucket_init(struct retry_bucket *b)
{
    b->tokens = RETRY_BUCKET_TOKENS;
}

static unsigned failures_most(const struct retry_call *call, enum aws_class class)
{
    switch (class) {
    case AWS_CLASS_THROTTLED:
        return RETRY_FAILURES_MOST;
    case AWS_CLASS_TRANSIENT:
        return call->repeatable ? RETRY_FAILURES_MOST : 1;
    case AWS_CLASS_UNREACHABLE:
    case AWS_CLASS_PROXY:
        return call->reached ? RETRY_FAILURES_MOST : RETRY_UNREACHABLE_MOST;
    case AWS_CLASS_MISSING:
        return call->may_lag ? RETRY_MISSING_MOST : 1;
    default:
        return 1;
    }
}

/* 1, 2, 4, ... seconds after the first, second, third, ... failure. */
static uint64_t backoff_ns(unsigned n_failures, uint64_t most_s)
{
    const unsigned doublings = n_failures - 1 < 5 ? n_failures - 1 : 5;
    const uint64_t seconds = UINT64_C(1) << doublings;
    return (seconds < most_s ? seconds : most_s) * NS_PER_S;
}

bool retry_decide(struct retry_bucket *b, struct retry_call *call, const struct aws_failure *f, double u,
                  uint64_t asked_wait_ms, uint64_t *wait_ns)
{
    const bool lags = f->class == AWS_CLASS_MISSING;
    const unsigned cost = lags ? 0 : f->timed_out ? COST_TIMED_OUT : COST;
    const unsigned n_failures = ++call->n_failures[f->class];
    call->n_timed_out += f->timed_out;
    if (n_failures >= failures_most(call, f->class) || call->n_timed_out >= RETRY_TIMED_OUT_MOST ||
        b->tokens < cost)
        return false;
    b->tokens -= cost;
    call->paid = cost;
    const uint64_t wait = lags ? backoff_ns(n_failures, MISSING_WAIT_MOST_S)
                               : (uint64_t)(u * (double)backoff_ns(n_failures, WAIT_MOST_S));
    const uint64_t asked = asked_wait_ms * NS_PER_MS;
    const uint64_t most = wait + ASKED_ABOVE_MOST_S * NS_PER_S;
    *wait_ns = asked <= wait ? wait : asked < most ? asked : most;
    return true;
}

void retry_succeeded(struct retry_bucket *b, struct retry_call *call)
{
    const unsigned back = call->paid ? call->paid : 1;
    b->tokens = b->tokens + back < RETRY_BUCKET_TOKENS ? b->tokens + back : RETRY_BUCKET_TOKENS;
    call->paid = 0;
}
