/* Thresholds: "p99 < 250ms", "cluster1.errors < 0.1%", "m4-burst.rate > 100/s". Parsed here, judged by the
 * recorder. */
#ifndef PLAN_THRESHOLD_H
#define PLAN_THRESHOLD_H

#include "plan.h"

struct err;

/* Reads `[SCOPE.]METRIC OP LIMIT`: METRIC is pN (p50, p99.9), mean, max, errors or rate; OP is <, <=, > or
 * >=. `out` owns its text and is freed by plan_fini. Times are stored in seconds, shares as 0..1. That the
 * scope exists is checked by threshold_check. */
int threshold_parse(struct plan_threshold *out, const char *text, struct err *e);
/* Whether the scope is a cluster or stream of the plan. */
int threshold_check(const struct plan_threshold *t, const struct plan *plan, struct err *e);

#endif
