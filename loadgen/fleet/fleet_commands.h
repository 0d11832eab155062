/* The subcommands of loadgen-fleet. */
#ifndef FLEET_FLEET_COMMANDS_H
#define FLEET_FLEET_COMMANDS_H

struct command;
struct err;
struct fleet;

/* At rank 0: from the options of the command to its exit code. */
int fleet_commands_run(struct fleet *f, const struct command *command, int argc, char *const argv[],
                       struct err *e);

#endif
