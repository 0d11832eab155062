/* A pair of runs as the numbers that a decision rests on, and what the pair says of B against A: the log
 * ratio of two times, a direction without a size when one run has no time, or nothing. */
#ifndef STATISTICS_DECIDE_PAIR_H
#define STATISTICS_DECIDE_PAIR_H

#include "attempts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* A percentile over attempts (attempts.h), or any other number as ATTEMPT_EXACT, in one unit. */
struct decide_time {
    enum attempt_state state;
    double value;    /* ATTEMPT_EXACT: positive, or the pair does not count */
    double at_least; /* ATTEMPT_AT_LEAST, ATTEMPT_FAILED; 0: no bound */
};

struct decide_run {
    struct decide_time time;
    double less_generator; /* the time without what is visible of the generator's share; NAN: unknown */
    double failed;         /* share of the attempts; NAN: unknown */
    uint64_t attempts_n;
    bool is_invalid; /* the claim to this number */
};

struct decide_pair {
    bool b_first; /* B ran before A */
    struct decide_run a, b;
};

/* The pairs that count. Log ratios are +-INFINITY where only one run failed and NAN where the direction is
 * not known; where a bound proves the direction, they are that of the bound. */
struct decide_columns {
    size_t n, n_tied;  /* that count; where both runs failed */
    bool is_finite;    /* all times are exact */
    bool is_used_up;   /* of some time the generator leaves nothing */
    double *log_ratio; /* owned, as are all columns */
    double *bound;     /* the log ratio's proven size: NAN when a failed run has no bound */
    double *a, *b;     /* the times; NAN unless exact */
    size_t *index;     /* in the pairs */
    bool *is_apart, *b_first;
};

/* Reads n pairs; as they are, or with twice the visible share of the generator taken off where it is known of
 * both runs, as it is a lower bound. */
int decide_columns_init(struct decide_columns *c, const struct decide_pair *pairs, size_t n,
                        bool without_generator, struct err *e);
void decide_columns_fini(struct decide_columns *c);

#endif
