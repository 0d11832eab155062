/* `loadgen sweep`: steps the rate of each cluster until a threshold breaks, and writes latency against load.
 */
#ifndef COMMAND_CMD_SWEEP_H
#define COMMAND_CMD_SWEEP_H

#include "options.h"

struct err;

extern const struct command sweep_command;

/* A subcommand_fn. */
int cmd_sweep(int argc, char *const argv[], struct err *e);

#endif
