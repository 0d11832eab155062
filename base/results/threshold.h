/* Thresholds: "p99 < 250ms", "cluster1.errors < 0.1%", "m4-burst.rate > 100/s". Parses such a text and
 * compares a value with its limit; the caller measures the value. */
#ifndef BASE_THRESHOLD_H
#define BASE_THRESHOLD_H

#include "tags.h"

#include <stdbool.h>
#include <stdint.h>

struct err;

enum threshold_metric {
    THRESHOLD_PERCENTILE, /* seconds, of the headline metric of ok answers */
    THRESHOLD_MEAN,       /* seconds */
    THRESHOLD_MAX,        /* seconds */
    THRESHOLD_ERRORS,     /* share of all requests, 0..1 */
    THRESHOLD_RATE,       /* ok answers per second */
};

struct threshold {
    char *text;                  /* owned; as written */
    char scope[TAGS_NAME_BYTES]; /* "" (everything), a cluster or a stream */
    enum threshold_metric metric;
    uint32_t p_ppm;
    bool at_most;  /* "<" or "<="; else ">" or ">=" */
    bool or_equal; /* "<=" or ">=" */
    double limit;
    bool aborts; /* the run ends with the first second that misses it; not part of the text */
};

/* A threshold of a run, held or missed. */
struct threshold_result {
    const char *text, *scope, *unit; /* scope and unit may be NULL */
    double value;                    /* NAN: there was nothing to judge */
    bool held;
};

/* Reads `[SCOPE.]METRIC OP LIMIT`: METRIC is pN (p50, p99.9), mean, max, errors or rate; OP is <, <=, > or
 * >=. Times are stored in seconds, shares as 0..1. -1 and a sentence; nothing to free then. */
int threshold_parse(struct threshold *out, const char *text, struct err *e);

bool threshold_holds(const struct threshold *t, double value);

/* "s", "share" or "per_s": the unit of limit and value. */
const char *threshold_unit(const struct threshold *t);

/* A value of that unit for people: "2.31 ms", "12.5 %", "300/s"; "nothing to judge" when it is not finite.
 * Without a unit (NULL) it is a time. Returns `out`, which has UNITS_TEXT_BYTES. */
const char *threshold_value_text(const char *unit, double value, char *out);

#endif
