/* What one run of a campaign sends: the load of one arm, or side by side that of both arms at once. A control
 * side by side sends arm A's load twice, the second time under another name, so that it carries the load of a
 * pair and its two halves can be compared like a pair's. */
#ifndef COMMAND_CAMPAIGN_PLAN_H
#define COMMAND_CAMPAIGN_PLAN_H

#include <stdbool.h>

struct campaign;
struct campaign_pair;
struct err;
struct plan;
struct run_options;

/* Plans the run of that role (either role side by side). `run` holds the campaign's options, without `only`.
 * The caller frees `out` with plan_fini in every case. */
int campaign_plan(struct plan *out, const struct campaign *c, const struct campaign_pair *pair, bool is_b,
                  const struct run_options *run, struct err *e);

#endif
