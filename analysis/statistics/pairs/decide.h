/* The answer for one metric from pairs of runs, one number per run: is B's value higher or lower than A's,
 * are they equivalent, or can these runs not tell?
 *
 * The rule, with a margin of 5 %: B is higher (lower) when the interval of the ratio excludes 1 and the ratio
 * lies outside the margin and beyond the noise floor; the two are equivalent when the interval of the two
 * one-sided tests, 90 % for a confidence of 95 %, lies within 1/1.05 to 1.05; otherwise it is undecided, with
 * the reason and about how many pairs would decide. */
#ifndef STATISTICS_DECIDE_H
#define STATISTICS_DECIDE_H

#include "order_effect.h"

#include <stdbool.h>
#include <stddef.h>

struct err;

struct decide_pair {
    bool b_first; /* B ran before A */
    double a, b;  /* the metric in either run, in one unit; a pair counts when both are finite and positive */
};

struct decide_question {
    const struct decide_pair *pairs;
    size_t n_pairs;
    const struct decide_pair *controls; /* the same cluster twice (A/A) */
    size_t n_controls;
    double margin;     /* 0.05: ratios from 1/1.05 to 1.05 count as equal */
    double confidence; /* 0.95 */
    double power;      /* 0.8: chance of an answer after `n_more` further pairs */
};

/* Margin 5 %, confidence 95 %, power 80 %; set the pairs. */
extern const struct decide_question decide_defaults;

#define DECIDE_OUTCOMES(X)                                                                                   \
    X(DESCRIPTION, "description") /* fewer than two pairs: proves nothing */                                 \
    X(UNDECIDED, "undecided")                                                                                \
    X(EQUIVALENT, "equivalent")                                                                              \
    X(LOWER, "lower")   /* B's value is lower than A's: for a latency, B is faster */                        \
    X(HIGHER, "higher") /* for a latency, B is slower */

enum decide_outcome {
#define X(name, text) DECIDE_##name,
    DECIDE_OUTCOMES(X)
#undef X
};

enum decide_hindrance {
    DECIDE_NOT_HINDERED,
    DECIDE_INTERVAL, /* the ratio lies outside the margin, but its interval includes 1 */
    DECIDE_MARGIN,   /* the ratio lies within the margin, but its equivalence interval does not */
    DECIDE_NOISE,    /* the same cluster measured twice differed as much */
    DECIDE_FAMILY,   /* significant alone, but not among so many metrics (decide_family) */
};

struct decide_interval {
    double value, lo, hi; /* NAN: unknown */
};

struct decide_control {
    size_t n;                     /* A/A pairs */
    struct decide_interval ratio; /* t interval; lo and hi need two pairs */
    double least, most;           /* of the single pairs' ratios: the noise floor */
    bool excludes_one;            /* something other than the cluster differs (rule R19) */
};

struct decide_result {
    size_t n_pairs;    /* that count */
    size_t n_outliers; /* pairs whose ratio lies far from the others; kept */

    double typical_a, typical_b;        /* geometric means over the runs; their ratio is ratio.value */
    struct decide_interval ratio;       /* of B to A, t interval of the log ratios */
    struct decide_interval ratio_rank;  /* Hodges-Lehmann; lo and hi need six pairs */
    struct decide_interval difference;  /* B minus A, paired t interval, in the values' unit */
    struct decide_interval equivalence; /* the narrower interval that decides equivalence */
    double sd_log;                      /* spread of the pairs' log ratios */
    double a12;                         /* chance that a run of B has a higher value than one of A */

    double p;                /* of ratio 1, by t: belongs to `ratio` */
    double p_rank;           /* of ratio 1, by the exact signed rank test; at least 2 / 2^n_pairs */
    double p_holm;           /* p, adjusted by decide_family; until then equal to p */
    double p_equivalence;    /* of a ratio outside the margin: the larger of the two one-sided tests */
    double detectable_ratio; /* the smallest ratio above 1 that so many pairs of this spread detect with that
                                power */

    enum decide_outcome outcome;
    enum decide_hindrance hindrance;
    size_t n_more; /* when undecided: pairs to add for that power if the ratio is as estimated, and enough for
                      the signed rank test; 0 when no number helps */

    struct order_effect order;
    struct decide_control control;
};

/* Answers one question. Fails only when out of memory or with more than SIGNED_RANK_MOST pairs. */
int decide_metric(const struct decide_question *question, struct decide_result *out, struct err *e);
/* Adjusts n results of one comparison for multiple testing (Holm), except `primary`, the metric declared in
 * advance (n: none). Results no longer significant at 1 - confidence become undecided. */
int decide_family(struct decide_result *results, size_t n, size_t primary, double confidence, struct err *e);
/* "undecided", "higher", ... */
const char *decide_outcome_name(enum decide_outcome outcome);

#endif
