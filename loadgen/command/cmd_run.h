/* `loadgen run`: from the options to the exit code. */
#ifndef COMMAND_CMD_RUN_H
#define COMMAND_CMD_RUN_H

struct err;

/* A subcommand_fn. */
int cmd_run(int argc, char *const argv[], struct err *e);

#endif
