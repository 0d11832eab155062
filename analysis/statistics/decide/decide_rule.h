/* The rule of decide.h on log ratios alone: where the pairs' centre lies, and which word that carries (steps
 * 2, 3, 4 and 7). decide.c applies it twice, to the times as they are and without the generator. */
#ifndef STATISTICS_DECIDE_RULE_H
#define STATISTICS_DECIDE_RULE_H

#include "centre.h"
#include "decide.h"

struct decide_rule {
    enum decide_method method;
    struct centre mean, centre; /* of the method, not SIGN_TEST */
    struct decide_interval equivalence;
    struct decide_signs signs; /* of SIGN_TEST */
    double p, p_equivalence;   /* NAN: there is none */
    struct decide_control control;
    enum decide_outcome outcome;
    enum decide_reason reason;
};

/* Marks the pairs that lie apart. The outcome is DECIDE_DESCRIPTION when there are fewer than two pairs. */
int decide_rule_apply(const struct decide_question *q, struct decide_columns *pairs,
                      const struct decide_columns *controls, struct decide_rule *out, struct err *e);

#endif
