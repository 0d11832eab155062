/* The level of one claim, from the checks of the run and from what can be seen of loadgen's part in the
 * times. The limits are in claim_judge.c, each with its reason. */
#ifndef BASE_CLAIM_JUDGE_H
#define BASE_CLAIM_JUDGE_H

#include "claims.h"

struct derived_check;

/* How bad, and why: a constant phrase, "" when ok. */
struct claim_verdict {
    enum claim_level level;
    const char *why;
};

/* What holds for a stream or cluster before a time is looked at. */
struct claim_evidence {
    struct claim_verdict rate, times; /* by the checks */
    const char *unseen;               /* why loadgen's part in the times cannot be seen; NULL: it can */
};

/* The worse of both; the first if they are alike. */
struct claim_verdict claim_worse(struct claim_verdict a, struct claim_verdict b);

/* Takes a check into account that is about the stream or cluster, or about the whole run. */
void claim_heed(struct claim_evidence *evidence, const struct derived_check *check, bool is_open);
/* A failed run, or one that has not ended. `end` as in run.json. */
void claim_heed_end(struct claim_evidence *evidence, const char *end);
/* Of a closed run without a whole second it is not known how busy loadgen was. */
void claim_heed_short(struct claim_evidence *evidence, const struct derived_check *checks, size_t n);
/* A share of the answers, 0 to 1, was picked up late. */
void claim_heed_late(struct claim_evidence *evidence, double share);

/* The level of a percentile of `n` attempts. `less` is the percentile of the same attempts without loadgen's
 * part. Fills everything but `time`, which is given. */
void claim_judge_time(struct claim *claim, uint32_t p_ppm, uint64_t n, struct attempt_time less,
                      const struct claim_evidence *evidence);

#endif
