/* The subcommands of `loadgen`: one file each, one row each in main.c. */
#ifndef COMMAND_LOADGEN_COMMANDS_H
#define COMMAND_LOADGEN_COMMANDS_H

#include "program.h"

struct run_options;
struct run_recipe;

/* From the options to the exit code. */
extern const struct command run_command;
subcommand_fn cmd_run;
/* The same once options are parsed, by any command that has those of `run`. */
int cmd_run_given(struct run_options *o, struct err *e);
/* Makes the same run in another process: from the recipe that `maker` got there, with the seed, the files and
 * the maker of `begin`, which also says whose options are parsed. Returns as run_once. */
int cmd_run_follow(const struct run_options *begin, const struct run_recipe *recipe, struct err *e);

/* Checks a scenario and prints what a run would send; sends nothing. Takes every option of `run`. */
extern const struct command plan_command;
subcommand_fn cmd_plan;

/* Randomised, interleaved pairs of runs, one arm per cluster, then the comparison. */
extern const struct command campaign_command;
subcommand_fn cmd_campaign;
/* The same with what does not come from the command line: whose options are parsed, whose run.json echoes,
 * the maker of the runs and the files. */
int cmd_campaign_from(const struct run_options *begin, int argc, char *const argv[], struct err *e);

/* Steps the rate of each cluster until a threshold breaks, and writes latency against load. */
extern const struct command sweep_command;
subcommand_fn cmd_sweep;
/* See cmd_campaign_from. */
int cmd_sweep_from(const struct run_options *begin, int argc, char *const argv[], struct err *e);

/* Makes a scenario of what people have: curl commands, recordings, descriptions, logs. */
extern const struct command import_command;
subcommand_fn cmd_import;

/* Prints a shell's script for completing command lines. */
extern const struct command completion_command;
subcommand_fn cmd_completion;

#endif
