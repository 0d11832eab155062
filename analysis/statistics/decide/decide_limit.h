/* A limit that a change must not pass, as in a gate: does the change from A to B lie beyond it, within it, or
 * can these pairs not tell? The limit takes the place of the margin in decide.h; its other steps hold alike.
 *
 * Beyond, or within: the whole confidence interval lies there, also with twice the generator's visible share
 * taken off every time, and also without what the controls show of the same cluster measured twice. Of two
 * arms whose failed shares differ, the one that fails more is never found faster than a limit. If a run has
 * no time, the pairs beyond the limit are counted (sign test, one-sided).
 *
 * Whether most runs rest on an invalid claim is the caller's question (struct decide_result).
 *
 * A failed share changes by points: the t interval of the pairs' differences, because requests of one run
 * fail together. Its standard error is at least that of independent requests, with one failure and one good
 * answer added to each arm: runs without any failure do not prove a share of 0. A. Agresti, B. Caffo,
 * American Statistician 54, 2000. */
#ifndef STATISTICS_DECIDE_LIMIT_H
#define STATISTICS_DECIDE_LIMIT_H

#include "decide.h"

#include <stdbool.h>
#include <stddef.h>

struct err;

enum decide_limit_word {
    DECIDE_LIMIT_DESCRIPTION, /* fewer than DECIDE_PAIRS_LEAST pairs */
    DECIDE_LIMIT_UNDECIDED,
    DECIDE_LIMIT_WITHIN,
    DECIDE_LIMIT_BEYOND,
};

struct decide_limit_question {
    struct decide_question pairs; /* its margin is not used */
    double limit;                 /* of the log ratio, or of the difference of failed shares */
    bool is_above;                /* beyond means more than the limit; else less */
};

struct decide_limit {
    enum decide_limit_word word;
    enum decide_reason reason; /* of UNDECIDED */
    size_t n_pairs, n_tied;    /* that count; left out, because neither run has a time */
    bool is_by_signs;
    size_t n_beyond, n_within; /* by signs: pairs */
    struct decide_interval
        change;       /* log ratio or difference; value NAN by signs, ends NAN of too few pairs */
    double p, p_holm; /* one-sided, of a change that is not beyond; NAN of too few pairs */
    size_t n_more;    /* reason INTERVAL: as in struct decide_result */
};

/* Times or rates. */
int decide_limit_ratio(const struct decide_limit_question *q, struct decide_limit *out, struct err *e);
/* Failed shares; needs the runs' `failed` and `attempts_n`. */
int decide_limit_failed(const struct decide_limit_question *q, struct decide_limit *out, struct err *e);
/* Adjusts the limits of one family for multiple testing (Holm). Those no longer beyond at `confidence` become
 * undecided. */
int decide_limit_family(struct decide_limit *const *limits, size_t n, double confidence, struct err *e);

#endif
