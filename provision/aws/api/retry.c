#include "retry.h"

#include "units.h"

#include <string.h>

enum { COST = 5, COST_TIMED_OUT = 10, WAIT_MOST_S = 20, ASKED_ABOVE_MOST_S = 5 };

void retry_bucket_init(struct retry_bucket *b)
{
    b->tokens = RETRY_BUCKET_TOKENS;
}

static unsigned attempts_most(const struct aws_failure *f, bool repeatable)
{
    switch (f->class) {
    case AWS_CLASS_THROTTLED:
        return RETRY_THROTTLED_ATTEMPTS_MOST;
    case AWS_CLASS_TRANSIENT:
        return repeatable ? RETRY_ATTEMPTS_MOST : 1;
    case AWS_CLASS_UNREACHABLE:
    case AWS_CLASS_PROXY:
        return RETRY_ATTEMPTS_MOST;
    default:
        return 1;
    }
}

bool retry_decide(struct retry_bucket *b, struct retry_call *call, const struct aws_failure *f,
                  bool repeatable, double u, uint64_t asked_wait_ms, uint64_t *wait_ns)
{
    const unsigned cost = f->timed_out ? COST_TIMED_OUT : COST;
    if (call->n_attempts >= attempts_most(f, repeatable) || b->tokens < cost)
        return false;
    b->tokens -= cost;
    call->paid = cost;
    const unsigned doublings = call->n_attempts - 1 < 5 ? call->n_attempts - 1 : 5;
    const uint64_t most_s = 1u << doublings;
    const double most_ns = (double)((most_s < WAIT_MOST_S ? most_s : WAIT_MOST_S) * NS_PER_S);
    uint64_t wait = (uint64_t)(u * most_ns);
    const uint64_t asked = asked_wait_ms * NS_PER_MS;
    if (asked > wait)
        wait = asked < wait + ASKED_ABOVE_MOST_S * NS_PER_S ? asked : wait + ASKED_ABOVE_MOST_S * NS_PER_S;
    *wait_ns = wait;
    return true;
}

void retry_succeeded(struct retry_bucket *b, struct retry_call *call)
{
    const unsigned back = call->paid ? call->paid : 1;
    b->tokens = b->tokens + back < RETRY_BUCKET_TOKENS ? b->tokens + back : RETRY_BUCKET_TOKENS;
    call->paid = 0;
}
