/* Quick mode: a plan from the options alone. One stream, "quick" to cluster "target"; or one for each of two
 * URLs that are compared, to a cluster of its own. */
#ifndef COMMAND_QUICK_H
#define COMMAND_QUICK_H

#include "options.h"

struct err;
struct plan;
struct run_options;

/* The caller frees `out` with plan_fini in every case. */
int quick_plan(struct plan *out, const struct run_options *o, struct err *e);
/* Adds --threshold texts to a plan. */
int quick_add_thresholds(struct plan *plan, const struct option_list *texts, struct err *e);

#endif
