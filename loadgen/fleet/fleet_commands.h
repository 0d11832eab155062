/* The subcommands of loadgen-fleet. */
#ifndef FLEET_FLEET_COMMANDS_H
#define FLEET_FLEET_COMMANDS_H

struct err;
struct fleet;

/* At rank 0: from the options to the exit code. */
int fleet_cmd_run(struct fleet *f, int argc, char *const argv[], struct err *e);

#endif
