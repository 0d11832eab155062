/* One step of a sweep: a run of the streams of a cluster at one rate, made by this process or, on a fleet, by
 * every rank. */
#ifndef COMMAND_SWEEP_STEP_H
#define COMMAND_SWEEP_STEP_H

#include <limits.h>

struct err;
struct run_options;
struct run_recipe;
struct sweep_options;

struct sweep_step {
    const char *cluster;
    double rate_per_s; /* of all its streams */
};

/* Plans the step and runs it into `folder`. `words` are those of run.json. Returns as run_once. */
int sweep_step_make(const struct sweep_options *o, const struct sweep_step *step, char *const words[],
                    char folder[static PATH_MAX], struct err *e);

/* Makes the same run in another process: from the recipe that `maker` got there, with the seed, the files and
 * the maker of `begin`. Returns as run_once. */
int sweep_step_follow(const struct run_options *begin, const struct run_recipe *recipe, struct err *e);

#endif
