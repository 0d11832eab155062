/* Gates for scripts: `p99 > +10%` fails if the comparison proves that B's p99 is more than 10 % higher than
 * A's, and passes if it proves the contrary. What the pairs cannot tell passes, unless the caller wants it to
 * fail.
 *
 * The gate on the comparison's primary number stands alone; the others are one family (Holm). */
#ifndef GATE_H
#define GATE_H

#include "decide_limit.h"
#include "sample.h"

#include <stdbool.h>
#include <stddef.h>

struct comparison;
struct err;

#define GATE_WORDS(X)                                                                                        \
    X(PASSED, "passed")       /* the contrary is proven */                                                   \
    X(FAILED, "failed")       /* it is proven */                                                             \
    X(UNDECIDED, "undecided") /* these pairs cannot tell */                                                  \
    X(INVALID, "invalid")     /* the number is loadgen's own doing in half of an arm's runs or more */

enum gate_word {
#define X(name, text) GATE_##name,
    GATE_WORDS(X)
#undef X
};

enum { GATE_LINE_BYTES = 400 };

struct gate {
    const char *text;        /* borrowed; as written */
    bool is_of_failed;       /* of the failed share, in points; */
    enum sample_value value; /* else of this number, relative to A's */
    bool is_above;           /* ">": fails if the change is larger */
    double limit;            /* .1 for +10 %, .001 for +0.1 points */
    /* What gate_judge found. */
    enum gate_word word;
    struct decide_limit found;
    struct decide_interval change; /* as `limit`; NAN: unknown */
};

/* Gates that are judged together. */
struct gates {
    struct gate *rows; /* owned by the caller */
    size_t n;
    bool fails_undecided;
};

/* Reads `METRIC > +N%` or `METRIC < -N%`; METRIC is p50, p90, p99, p99.9, rate or failed. */
int gate_parse(struct gate *gate, const char *text, struct err *e);
const char *gate_metric_name(const struct gate *gate);
const char *gate_word_name(enum gate_word word);

/* gate_judge.c */
int gate_judge(const struct gates *gates, const struct comparison *c, struct err *e);
/* EXIT_CODE_INVALID if the number of any gate is loadgen's own doing, else EXIT_CODE_THRESHOLD if a gate
 * fails, else EXIT_CODE_DONE. Without gates: whether the primary number of pairs of runs is loadgen's own
 * doing. */
int gate_exit_code(const struct gates *gates, const struct comparison *c);

/* gate_text.c: what was found of row i, in one line: "failed: +24 % (95 % interval +20 to +29, 6 pairs)".
 * Returns `out`, which has GATE_LINE_BYTES. */
const char *gate_line(const struct gates *gates, size_t i, const struct comparison *c, char *out);

#endif
