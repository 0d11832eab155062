/* The verdict on a run: what the rules see of the generator, thresholds held or missed, and claims: what can
 * be quoted. */
#ifndef RECORD_VERDICT_H
#define RECORD_VERDICT_H

#include "plan.h"

#include <stddef.h>

struct claims;
struct err;
struct rule_input;

enum check_level { CHECK_NOT_JUDGED = -1, CHECK_OK, CHECK_WARN, CHECK_INVALID };

/* One rule applied to one scope. */
struct check {
    const char *rule;              /* "R1" */
    char scope[TAGS_STREAM_BYTES]; /* a stream, a step as "stream/step", or "run" */
    enum check_level level;
    double value;         /* NAN: not judged */
    double warn, invalid; /* limits; NAN: none */
    const char *unit;
    const char *what;   /* what the value is, in words */
    const char *advice; /* what to do, or why it was not judged; "" if OK, or if nothing needs to be said */
    char note[160];     /* an advice with numbers */
};

struct verdict {
    struct check *checks; /* owned */
    size_t n_checks;
    struct threshold_result *thresholds; /* owned; one per threshold of the plan */
    size_t n_thresholds, n_missed;
    struct claims *claims; /* owned; NULL: none yet */
};

/* "NOT JUDGED", "OK", "WARN", "INVALID". */
const char *check_level_name(enum check_level level);

/* Applies every rule to `verdict`, which was zeroed; verdict_fini is due even on failure. -1 and a sentence
 * when memory is short. */
int verdict_apply_rules(const struct rule_input *in, struct verdict *verdict, struct err *e);
void verdict_fini(struct verdict *verdict);

#endif
