/* Whether what a threshold speaks of is in the plan. */
#ifndef PLAN_THRESHOLD_SCOPE_H
#define PLAN_THRESHOLD_SCOPE_H

struct err;
struct plan;
struct threshold;

/* -1 and a sentence with the names that there are when the scope is neither a cluster nor a stream. */
int threshold_scope_check(const struct threshold *t, const struct plan *plan, struct err *e);

#endif
