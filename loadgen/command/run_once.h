/* One run from a finished plan: engine and recorder together, into one folder. `loadgen run` makes one;
 * `campaign` and `sweep` make many. */
#ifndef COMMAND_RUN_ONCE_H
#define COMMAND_RUN_ONCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct plan;
struct run_options;

/* SIGINT, SIGTERM and SIGHUP set the one signal flag, which every run of this process obeys; SIGPIPE is
 * ignored. */
void run_once_catch_signals(void);
/* Whether such a signal has come. */
bool run_once_is_stopped(void);
/* The rest between two runs; such a signal ends it. */
void run_once_rest(uint64_t gap_ns);

/* Runs the plan and writes `folder`, which must not exist. `o` says how to show and write it; `argv` is the
 * command line that run.json shows, ending with NULL. Returns the exit code, or -1 and a sentence;
 * EXIT_CODE_FAILED when the run was made and not one request succeeded. */
int run_once(const struct run_options *o, char *const argv[], const struct plan *plan, const char *folder,
             struct err *e);

/* A free name "results/<UTC time>-<name>", or --out, which must not exist. */
int run_once_folder(const struct run_options *o, const char *name, char *out, size_t out_bytes,
                    struct err *e);

#endif
