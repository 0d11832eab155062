/* The subcommands and their options: the tables behind parsing, --help and the manual page. The group of an
 * option may restrict it to a provider. */
#ifndef PROVISION_COMMAND_TABLES_H
#define PROVISION_COMMAND_TABLES_H

#include "options.h"

#define COMMAND_DEPLOYMENT_DEFAULT "results/deployment.json"
#define COMMAND_TOPOLOGY_DEFAULT   "m4x4-t2x5"

/* In the order of `providers` in provision_commands.c; NULL-terminated. */
extern const char *const command_providers[];
/* The group of the options that are for that provider alone. */
extern const char *const command_groups[];

/* Of the program as a whole. */
extern const struct command command_overview;
extern const struct command command_up;
extern const struct command command_status;
extern const struct command command_metrics;
extern const struct command command_down;
extern const struct command command_kill;
extern const struct command command_stall;
extern const struct command command_revive;
extern const struct command command_reload;

#endif
