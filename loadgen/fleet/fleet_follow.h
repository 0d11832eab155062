/* What the ranks that follow do for each command of rank 0: one of its runs at a time. */
#ifndef FLEET_FLEET_FOLLOW_H
#define FLEET_FLEET_FOLLOW_H

struct err;
struct run_options;
struct run_recipe;

/* Plans the run of a recipe of the command of that name, and has it made by `begin->maker`. Returns what that
 * returns, or -1 and a sentence. */
int fleet_follow(const char *command, const struct run_options *begin, const struct run_recipe *recipe,
                 struct err *e);

#endif
