/* A gate for scripts: `p99 > +10%` fails if the comparison proves that B's p99 is more than 10 % higher than
 * A's. What is not proven passes. */
#ifndef COMPARISON_GATE_H
#define COMPARISON_GATE_H

#include "sample.h"

#include <stdbool.h>
#include <stdio.h>

struct comparison;
struct err;

struct comparison_gate {
    const char *text; /* borrowed; as written */
    enum sample_value value;
    bool is_above; /* ">": fails if the ratio is larger */
    double ratio;  /* 1.1 */
};

/* Reads `METRIC > +N%` or `METRIC < -N%`; METRIC is p50, p90, p99, p99.9 or rate. */
int comparison_gate_parse(struct comparison_gate *gate, const char *text, struct err *e);
/* Whether the decision stands and its whole interval, that of the sign test if runs have no time, lies
 * beyond. */
bool comparison_gate_fails(const struct comparison_gate *gate, const struct comparison *c);
/* Prints the result in one line. */
void comparison_gate_print(FILE *out, const struct comparison_gate *gate, const struct comparison *c);

#endif
