/* `loadgen campaign`: randomised, interleaved pairs of runs, one arm per cluster, then the comparison. */
#ifndef COMMAND_CMD_CAMPAIGN_H
#define COMMAND_CMD_CAMPAIGN_H

#include "options.h"

struct err;

extern const struct command campaign_command;

/* A subcommand_fn. */
int cmd_campaign(int argc, char *const argv[], struct err *e);

#endif
