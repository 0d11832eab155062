/* `loadgen plan SCENARIO`: checks a scenario and prints what a run would do; sends nothing. */
#ifndef COMMAND_CMD_PLAN_H
#define COMMAND_CMD_PLAN_H

struct err;

/* A subcommand_fn; its command is plan_command (run_options.h). */
int cmd_plan(int argc, char *const argv[], struct err *e);

#endif
