/* The subcommands, as far as they are the same for every provider: options, topology, deployment file, lock
 * and signals. The provider does the rest. */
#ifndef PROVISION_COMMANDS_H
#define PROVISION_COMMANDS_H

#include "program.h"

/* Rows for base/program.h, ended by a zeroed one. */
extern const struct subcommand commands_table[];

#endif
