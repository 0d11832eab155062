/* When to repeat a failed call: botocore's "standard" mode with more patience for throttling. The wait before
 * attempt n + 1 is u * min(2^(n-1), 20) seconds with u uniform in [0, 1) (full jitter); every repeat is paid
 * from a bucket of 500 tokens, 5 each and 10 after a time-out, given back on success, so that a broken
 * service is not hammered. Source: AWS SDK reference guide, "Retry behavior". Time and randomness are
 * parameters. */
#ifndef PROVISION_AWS_RETRY_H
#define PROVISION_AWS_RETRY_H

#include "aws_failure.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    RETRY_ATTEMPTS_MOST = 3,           /* transient trouble */
    RETRY_THROTTLED_ATTEMPTS_MOST = 8, /* runs are long, and throttling passes */
    RETRY_BUCKET_TOKENS = 500,
};

struct retry_bucket {
    unsigned tokens;
};

struct retry_call {
    unsigned n_attempts; /* made so far */
    unsigned paid;       /* tokens of the last repeat */
};

void retry_bucket_init(struct retry_bucket *b);

/* After a failed attempt (counted in `call`): whether to repeat, and after how long. `repeatable` says
 * whether a call whose outcome is unknown may be sent again; a throttled one was not carried out and always
 * may, and so may one that was never sent. `u` is uniform in [0, 1); `asked_wait_ms` is what the reply asked
 * for, or 0: honoured up to 5 s above the computed wait. */
bool retry_decide(struct retry_bucket *b, struct retry_call *call, const struct aws_failure *f,
                  bool repeatable, double u, uint64_t asked_wait_ms, uint64_t *wait_ns);

/* After a success: gives back what the last repeat cost, else 1. */
void retry_succeeded(struct retry_bucket *b, struct retry_call *call);

#endif
