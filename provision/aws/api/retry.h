/* When to retry a failed call: botocore's "standard" mode, with more patience. The wait after the n-th
 * failure of a kind is u * min(2^(n-1), 20) seconds with u uniform in [0, 1) (full jitter). Each retry costs
 * tokens of a bucket of 500, 5 each and 10 after a time-out, refunded on success, so that a broken service is
 * not hammered. Source: AWS SDK reference guide, "Retry behavior". An object made moments ago that is "not
 * found" is looked for every 5 s for two minutes, free of charge. Source: EC2 developer guide, "Eventual
 * consistency in the Amazon EC2 API". Time and randomness are parameters. */
#ifndef PROVISION_AWS_RETRY_H
#define PROVISION_AWS_RETRY_H

#include "aws_failure.h"

#include <stdbool.h>
#include <stdint.h>

/* A call is given up at this failure of its kind. */
enum {
    RETRY_FAILURES_MOST = 8,    /* transient or throttled, or a network that was there before */
    RETRY_UNREACHABLE_MOST = 3, /* AWS was never reached: mostly a wrong name or no network */
    RETRY_TIMED_OUT_MOST = 3,   /* each lasts 90 s */
    RETRY_MISSING_MOST = 27,    /* waits of 1, 2, 4 and then 5 s: two minutes */
};
enum { RETRY_BUCKET_TOKENS = 500 };

struct retry_bucket {
    unsigned tokens;
};

struct retry_call {
    bool repeatable; /* may be retried when the outcome of an attempt is unknown */
    bool reached;    /* an earlier call reached AWS */
    bool may_lag;    /* what the call names was made moments ago: "not found" may pass */
    unsigned n_failures[AWS_CLASS_OTHER + 1];
    unsigned n_timed_out;
    unsigned paid; /* tokens of the last retry */
};

void retry_bucket_init(struct retry_bucket *b);

/* After a failed attempt: whether to retry, and after how long. A call of unknown outcome is retried only if
 * it is repeatable; one that was throttled or never sent always may be. `u` is uniform in [0, 1).
 * `asked_wait_ms` is the wait that the reply asks for, or 0; it is honoured up to 5 s above the computed
 * wait.
 */
bool retry_decide(struct retry_bucket *b, struct retry_call *call, const struct aws_failure *f, double u,
                  uint64_t asked_wait_ms, uint64_t *wait_ns);

/* After a success: refunds the cost of the last retry, else 1. */
void retry_succeeded(struct retry_bucket *b, struct retry_call *call);

#endif
