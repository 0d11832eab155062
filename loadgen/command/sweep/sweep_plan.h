/* What one step of a sweep sends: the streams of the scenario, or of the URL, at one rate. */
#ifndef COMMAND_SWEEP_PLAN_H
#define COMMAND_SWEEP_PLAN_H

#include "run_options.h"

struct err;
struct plan;
struct sweep_options;

/* Plans the load of all clusters, and refuses streams whose rate cannot be stepped. The caller frees `plan`
 * with plan_fini in every case. */
int sweep_plan_check(struct plan *plan, const struct sweep_options *o, struct err *e);
/* The options of a step's run: those of the sweep, for this cluster and at this rate. */
struct run_options sweep_plan_options(const struct sweep_options *o, const char *cluster, double rate_per_s);
/* Plans such a run: a warm-up and a measured phase at `rate_per_s`, of which each stream keeps its share. The
 * caller frees `plan` with plan_fini in every case. */
int sweep_plan_step(struct plan *plan, const struct sweep_options *o, const struct run_options *run,
                    double rate_per_s, struct err *e);

#endif
