/* The decision on one number from pairs of runs, one value per run: is B's higher or lower than A's, are they
 * equivalent, or can these runs not decide? The unit of observation is the run.
 *
 * 1. Fewer than DECIDE_PAIRS_LEAST pairs are a description.
 * 2. A pair lies apart if its log ratio is more than ten median absolute deviations from the median.
 * 3. The centre is the mean of the log ratios with its t interval; from DECIDE_PAIRS_TRIMMED pairs on, if
 * some lie apart, the trimmed mean. If a run has no time at all, only signs count (decide_signs.h).
 * 4. If the same cluster measured twice differed from itself, what is left of the difference must still be
 * clear (decide_controls.h).
 * 5. Of two arms whose failed shares differ, the one that fails more is never called faster or equivalent.
 * 6. The word must stay if twice the generator's visible share is taken off every time, and fewer than half
 * of an arm's runs may rest on an invalid claim.
 * 7. Higher or lower: the interval excludes 1 and the centre lies beyond the margin. Equivalent: the interval
 * of two one-sided tests lies within the margin.
 * 8. decide_family adjusts for the other numbers of the comparison.
 *
 * A tie with a limit goes to the weaker claim. tests/bench/truth simulates how often the words are right. */
#ifndef STATISTICS_DECIDE_H
#define STATISTICS_DECIDE_H

#include "attempts.h"
#include "decide_controls.h"
#include "decide_failures.h"
#include "decide_interval.h"
#include "decide_pair.h"
#include "decide_signs.h"
#include "order_effect.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum {
    DECIDE_PAIRS_LEAST = 6,
    DECIDE_PAIRS_TRIMMED = 8, /* from so many on, one broken run is borne */
    DECIDE_APART_MOST = 4,    /* that are named */
};

struct decide_question {
    const struct decide_pair *pairs;
    size_t n_pairs;
    const struct decide_pair *controls; /* the same cluster twice (A/A) */
    size_t n_controls;
    uint32_t p_ppm;    /* of a percentile; 0 for a rate, to which step 5 does not apply */
    bool is_secondary; /* ratio and interval only: no p, no word */
    double margin;     /* 0.05: ratios from 1/1.05 to 1.05 count as equal */
    double confidence; /* 0.95 */
    double power;      /* 0.8: chance of a word after `n_more` further pairs */
};

/* Margin 5 %, confidence 95 %, power 80 %; set the pairs. */
extern const struct decide_question decide_defaults;

#define DECIDE_OUTCOMES(X)                                                                                   \
    X(DESCRIPTION, "description") /* no word: too few pairs, or a secondary row */                           \
    X(UNDECIDED, "undecided")                                                                                \
    X(EQUIVALENT, "equivalent")                                                                              \
    X(LOWER, "lower")   /* B's value is lower than A's: for a latency, B is faster */                        \
    X(HIGHER, "higher") /* for a latency, B is slower */

enum decide_outcome {
#define X(name, text) DECIDE_##name,
    DECIDE_OUTCOMES(X)
#undef X
};

/* Why it is undecided. */
#define DECIDE_REASONS(X)                                                                                    \
    X(NO_REASON, "")                                                                                         \
    X(INTERVAL, "interval")   /* the centre lies beyond the margin, but the interval includes 1 */           \
    X(MARGIN, "margin")       /* the centre lies within the margin, but equivalence is not shown */          \
    X(SIGNS, "signs")         /* too few pairs point the same way */                                         \
    X(CONTROLS, "controls")   /* the same cluster measured twice differed from itself */                     \
    X(FAILURES, "failures")   /* the arm that would win fails more */                                        \
    X(GENERATOR, "generator") /* the generator may have made the difference, or hidden one */                \
    X(FAMILY, "family")       /* clear alone, but not among so many numbers (decide_family) */

enum decide_reason {
#define X(name, text) DECIDE_##name,
    DECIDE_REASONS(X)
#undef X
};

#define DECIDE_METHODS(X)                                                                                    \
    X(MEAN, "paired_t_log_ratio")                                                                            \
    X(TRIMMED, "trimmed_t_log_ratio") /* "in the typical pair" */                                            \
    X(SIGN_TEST, "sign_test")         /* a run has no time, or only a bound */

enum decide_method {
#define X(name, text) DECIDE_##name,
    DECIDE_METHODS(X)
#undef X
};

/* A pair that lies apart. */
struct decide_apart {
    size_t index; /* in the question's pairs */
    double ratio;
};

struct decide_result {
    size_t n_pairs;                               /* that count */
    size_t n_tied;                                /* left out: neither run has a time */
    size_t n_apart;                               /* pairs that lie apart; they count, */
    struct decide_apart apart[DECIDE_APART_MOST]; /* and the first of them are named */
    struct decide_interval without_apart;         /* the ratio without all of them, t interval */

    enum decide_method method;
    /* Geometric means of the runs; if one of them is not exact, the upper median, and a failed one's bound is
     * the least of all. */
    struct decide_time typical_a, typical_b;
    struct decide_interval ratio;       /* of B to A; NAN by signs; lo and hi NAN of too few pairs */
    struct decide_signs signs;          /* of the method SIGN_TEST */
    struct decide_interval ratio_rank;  /* Hodges-Lehmann; shown, never decisive */
    struct decide_interval difference;  /* B minus A, paired t interval, in the values' unit */
    struct decide_interval equivalence; /* what must lie within the margin: 90 % for a confidence of 95 % */
    double sd_log;                      /* spread of the pairs' log ratios */
    double lag1;                        /* correlation of a pair's log ratio with the next pair's */
    double a12;                         /* chance that a run of B has a higher value than one of A */

    double p;             /* of ratio 1, by the method */
    double p_rank;        /* of ratio 1, by the exact signed rank test; shown, never decisive */
    double p_holm;        /* p, adjusted by decide_family; until then equal to p */
    double p_equivalence; /* of a ratio at the margin or beyond */
    double
        detectable_ratio; /* the smallest above 1 that so many pairs of this spread detect with that power */

    enum decide_outcome outcome;
    enum decide_reason reason;
    size_t n_more; /* reason INTERVAL: pairs to add for that power if the ratio is as estimated; 0 when that
                      would be more than three times as many in all */

    size_t n_invalid_a, n_invalid_b; /* runs that rest on an invalid claim, of n_pairs */
    bool rests_on_invalid;           /* they are half of an arm's or more */

    struct order_effect order;
    struct decide_control control;
    struct decide_failures failures;
};

/* Answers one question. Fails only when out of memory or with more than SIGNED_RANK_MOST pairs. */
int decide_metric(const struct decide_question *question, struct decide_result *out, struct err *e);
/* Adjusts the n results of one family for multiple testing (Holm), except `primary`, the number declared in
 * advance (n: none). Results no longer significant at 1 - confidence become undecided. */
int decide_family(struct decide_result *results, size_t n, size_t primary, double confidence, struct err *e);

/* "undecided", "higher", ... */
const char *decide_outcome_name(enum decide_outcome outcome);
/* "interval", ...; "" for none. */
const char *decide_reason_name(enum decide_reason reason);
const char *decide_method_name(enum decide_method method);

#endif
