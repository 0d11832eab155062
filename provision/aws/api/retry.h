/* When to retry a failed call: botocore's "standard" mode, with more patience for throttling. The wait before
 * attempt n + 1 is u * min(2^(n-1), 20) seconds with u uniform in [0, 1) (full jitter). Each retry costs
 * tokens of a bucket of 500, 5 each and 10 after a time-out, refunded on success, so that a broken service is
 * not hammered. Source: AWS SDK reference guide, "Retry behavior". Time and randomness are parameters. */
#ifndef PROVISION_AWS_RETRY_H
#define PROVISION_AWS_RETRY_H

#include "aws_failure.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    RETRY_ATTEMPTS_MOST = 3,           /* transient failures */
    RETRY_THROTTLED_ATTEMPTS_MOST = 8, /* throttling passes, and a run has time */
    RETRY_BUCKET_TOKENS = 500,
};

struct retry_bucket {
    unsigned tokens;
};

struct retry_call {
    unsigned n_attempts; /* made so far */
    unsigned paid;       /* tokens of the last retry */
};

void retry_bucket_init(struct retry_bucket *b);

/* After a failed attempt (counted in `call`): whether to retry, and after how long. A call of unknown outcome
 * is retried only if `repeatable`; one that was throttled or never sent always may be. `u` is uniform in [0,
 * 1). `asked_wait_ms` is the wait that the reply asks for, or 0; it is honoured up to 5 s above the computed
 * wait. */
bool retry_decide(struct retry_bucket *b, struct retry_call *call, const struct aws_failure *f,
                  bool repeatable, double u, uint64_t asked_wait_ms, uint64_t *wait_ns);

/* After a success: refunds the cost of the last retry, else 1. */
void retry_succeeded(struct retry_bucket *b, struct retry_call *call);

#endif
