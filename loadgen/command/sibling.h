/* The programs loadgen-provision and loadgen-analysis beside this one, so that a load machine needs only
 * loadgen: `loadgen provision ...` and `loadgen analysis ...` become them, as git does, and other commands
 * call them. */
#ifndef COMMAND_SIBLING_H
#define COMMAND_SIBLING_H

#include <stdbool.h>

struct command;
struct err;

/* Their entries in loadgen's list of commands; their options are their own. */
extern const struct command sibling_provision, sibling_analysis;

/* Becomes that program with these arguments. Returns, with -1, only when that fails. */
int sibling_run_provision(int argc, char *const argv[], struct err *e);
int sibling_run_analysis(int argc, char *const argv[], struct err *e);

/* Runs a sibling beside this program: its name and its arguments, ending with NULL. Silent: what it prints to
 * stdout is left out. A signal that stops runs (stop.h) ends it, too. Returns its exit code, or -1 and a
 * sentence. */
int sibling_call(const char *const words[], bool is_silent, struct err *e);

#endif
