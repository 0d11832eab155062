/* Thresholds: "p99 < 250ms", "cluster1.errors < 0.1%", "m4-burst.rate > 100/s", "buyers.login.p99 < 1s".
 * Parses such a text and compares a value with its limit; threshold_judge.h applies it to what was measured.
 */
#ifndef BASE_THRESHOLD_H
#define BASE_THRESHOLD_H

#include "attempts.h"
#include "tags.h"

#include <stdbool.h>
#include <stdint.h>

struct err;

enum threshold_metric {
    THRESHOLD_PERCENTILE, /* seconds, of all attempts */
    THRESHOLD_MEAN,       /* seconds, of good answers */
    THRESHOLD_MAX,        /* the same */
    THRESHOLD_ERRORS,     /* share of all attempts that failed, 0..1 */
    THRESHOLD_RATE,       /* good answers per second */
};

struct threshold {
    char *text;                    /* owned; as written */
    char scope[TAGS_STREAM_BYTES]; /* "" (everything), a cluster, a stream, or "stream/step" */
    enum threshold_metric metric;
    uint32_t p_ppm;
    bool at_most;  /* "<" or "<="; else ">" or ">=" */
    bool or_equal; /* "<=" or ">=" */
    double limit;
    bool aborts; /* the run ends as soon as what it measured so far misses it; not part of the text */
};

enum threshold_held {
    THRESHOLD_MISSED,
    THRESHOLD_HELD,
    THRESHOLD_UNDECIDED, /* it depends on attempts that the end of the run cut off */
};

/* A threshold of a run. */
struct threshold_result {
    const char *text, *scope, *unit; /* scope and unit may be NULL */
    double value;                    /* NAN unless the state is exact */
    enum threshold_held held;
    enum attempt_state state; /* of a percentile; else exact, or none when there was nothing to judge */
    double at_least;          /* a lower bound of the value; NAN: none */
};

/* Reads `[SCOPE.[STEP.]]METRIC OP LIMIT`: METRIC is pN (p50, p99.9), mean, max, errors or rate; OP is <, <=,
 * > or
 * >=. Times are stored in seconds, shares as 0..1. -1 and a sentence; nothing to free then. */
int threshold_parse(struct threshold *out, const char *text, struct err *e);

bool threshold_holds(const struct threshold *t, double value);

/* "s", "share" or "per_s": the unit of limit and value. */
const char *threshold_unit(const struct threshold *t);

/* A value of that unit for people: "2.31 ms", "12.5 %", "300/s"; "nothing to judge" when it is not finite.
 * Without a unit (NULL) it is a time. Returns `out`, which has UNITS_TEXT_BYTES. */
const char *threshold_value_text(const char *unit, double value, char *out);
/* What was measured, for people: a value, ">= 41 ms", "> 1.00 s", "none" when the rank lies among failures,
 * "nothing to judge". Returns `out`, which has UNITS_TEXT_BYTES. */
const char *threshold_result_text(const struct threshold_result *result, char *out);
/* The same as a clause, such as "it was 59.8 ms" or "too many requests failed"; `out` has UNITS_TEXT_BYTES.
 */
const char *threshold_was_text(const struct threshold_result *result, char *out);
/* "held", "missed", "not decided". Constant. */
const char *threshold_held_words(enum threshold_held held);

#endif
