/* `loadgen provision ...` and `loadgen analysis ...` run the programs loadgen-provision and loadgen-analysis,
 * as git does, so that a load machine needs only the first. */
#ifndef COMMAND_SIBLING_H
#define COMMAND_SIBLING_H

#include <stdbool.h>

/* Whether argv[1] names a sibling program. */
bool sibling_is(int argc, char *const argv[]);
/* Becomes that program with the remaining arguments. Returns an exit code only when that fails. */
int sibling_run(int argc, char *argv[]);

#endif
