/* What is shown beside a decision on pairs whose times are all exact: other estimates, spread, and the pairs
 * that lie apart. None of it decides. */
#ifndef STATISTICS_DECIDE_DESCRIBE_H
#define STATISTICS_DECIDE_DESCRIBE_H

#include "decide.h"

struct decide_rule;

/* Fills these members of `out`; there is at least one pair. */
int decide_describe(const struct decide_columns *pairs, const struct decide_rule *rule,
                    const struct decide_question *q, struct decide_result *out, struct err *e);

#endif
