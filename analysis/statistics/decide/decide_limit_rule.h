/* What decide_limit.h says of a centre with its standard error, or of signs: the steps that times and failed
 * shares have in common. */
#ifndef STATISTICS_DECIDE_LIMIT_RULE_H
#define STATISTICS_DECIDE_LIMIT_RULE_H

#include "decide_limit.h"

struct centre;
struct decide_columns;

/* Nothing is known yet: undecided, without numbers. */
extern const struct decide_limit decide_limit_unknown;

/* Beyond, within or undecided, with `shift` to spare on either side. */
enum decide_limit_word decide_limit_word_of(const struct decide_limit_question *q, const struct centre *c,
                                            double shift);
/* Fills `out` from a centre. */
void decide_limit_by_centre(const struct decide_limit_question *q, const struct centre *c,
                            struct decide_limit *out);
/* Fills `out` from pairs of which some have no time. */
void decide_limit_by_signs(const struct decide_limit_question *q, const struct decide_columns *pairs,
                           double shift, struct decide_limit *out);
/* Takes back what fewer pairs than DECIDE_PAIRS_LEAST do not carry. */
void decide_limit_withhold(struct decide_limit *out);

#endif
