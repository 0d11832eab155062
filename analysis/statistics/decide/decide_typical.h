/* The typical value of an arm's runs. */
#ifndef STATISTICS_DECIDE_TYPICAL_H
#define STATISTICS_DECIDE_TYPICAL_H

#include "decide_pair.h"

#include <stddef.h>

struct err;

/* Of A and of B, from n pairs and their columns. Geometric means, so that their ratio is that of the pairs,
 * if all times are exact; else upper medians, where a run without a time is the slowest, with the least of
 * the bounds. ATTEMPT_NONE when no pair counts. */
int decide_typical(const struct decide_pair *pairs, size_t n, const struct decide_columns *c,
                   struct decide_time out[2], struct err *e);

#endif
