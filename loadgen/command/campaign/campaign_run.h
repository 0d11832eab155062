/* One run of a campaign, made by this process or, on a fleet, by every rank. */
#ifndef COMMAND_CAMPAIGN_RUN_H
#define COMMAND_CAMPAIGN_RUN_H

#include <limits.h>
#include <stdbool.h>

struct campaign;
struct campaign_options;
struct campaign_pair;
struct err;
struct run_options;
struct run_recipe;

/* Plans the run of that role (either role side by side) and makes it into `folder`. Returns as run_once. */
int campaign_run_make(const struct campaign *c, const struct campaign_options *o,
                      const struct campaign_pair *pair, bool is_b, char folder[static PATH_MAX],
                      struct err *e);

/* Makes the same run in another process: from the recipe that `maker` got there, with the seed, the files and
 * the maker of `begin`. Returns as run_once. */
int campaign_run_follow(const struct run_options *begin, const struct run_recipe *recipe, struct err *e);

#endif
