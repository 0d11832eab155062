/* One run from a finished plan: engine and recorder together, into one folder. `loadgen run` makes one;
 * `campaign` and `sweep` make many. */
#ifndef COMMAND_RUN_ONCE_H
#define COMMAND_RUN_ONCE_H

#include <limits.h>
#include <stdint.h>

struct err;
struct plan;
struct run_member;
struct run_options;

/* Makes `folder`, which must not exist, runs the plan and writes it there; "" makes a new one in results/,
 * and then holds its path. With `o->no_results` there is none. `o` says how to show and write it; `argv` is
 * the command line that run.json shows, ending with NULL. Returns the exit code, or -1 and a sentence;
 * EXIT_CODE_FAILED and a sentence when the run was made and not one measured request succeeded. A run that
 * could not begin leaves no folder. */
int run_once(const struct run_options *o, char *const argv[], const struct plan *plan,
             char folder[static PATH_MAX], struct err *e);

/* Rests between two runs; a stop ends the rest. */
void run_rest(const struct run_options *o, uint64_t ns);

/* The same as run_once in this process, whoever makes `o`'s runs; as part of a run of several generators
 * unless `member` is NULL. */
int run_here(const struct run_options *o, char *const argv[], const struct plan *plan,
             const struct run_member *member, char folder[static PATH_MAX], struct err *e);

#endif
