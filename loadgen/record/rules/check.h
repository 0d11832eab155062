/* What the rules and the thresholds said of a run. */
#ifndef RECORD_CHECK_H
#define RECORD_CHECK_H

#include "plan.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum check_level { CHECK_NOT_JUDGED = -1, CHECK_OK, CHECK_WARN, CHECK_INVALID };

/* One rule applied to one scope. */
struct check {
    const char *rule;            /* "R1" */
    char scope[PLAN_NAME_BYTES]; /* a stream, or "run" */
    enum check_level level;
    double value;         /* NAN: not judged */
    double warn, invalid; /* limits; NAN: none */
    const char *unit;
    const char *what;   /* what the value is, for people */
    const char *advice; /* what to do, or why it was not judged; "" when the level is OK */
};

struct judgement {
    struct check *checks; /* owned */
    size_t n_checks;
    enum check_level verdict;
    struct threshold_result *thresholds; /* owned; one per threshold of the plan */
    size_t n_thresholds, n_missed;
};

/* "NOT JUDGED", "OK", "WARN", "INVALID". */
const char *check_level_name(enum check_level level);
void judgement_fini(struct judgement *j);

#endif
