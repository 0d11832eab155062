/* The subcommands `up`, `status`, `metrics` and `down`, and those that disturb the lab: what is the same for
 * every provider. Reads options, topology and deployment file, holds the lock, catches signals, and leaves
 * the rest to the provider. */
#ifndef PROVISION_COMMANDS_H
#define PROVISION_COMMANDS_H

#include "program.h"

/* Rows for base/program.h; the one after the last is zeroed. */
extern const struct subcommand commands_table[];

#endif
