/* `run --on-generator`: the files go there, the run goes on there with its progress here, and its folder
 * comes back. A signal reaches the run, and its exit code is that of this program. */
#ifndef COMMAND_GENERATOR_RUN_H
#define COMMAND_GENERATOR_RUN_H

struct err;
struct plan;
struct run_options;

/* The plan is that of the options, made here, so that mistakes are found before anything is sent. Returns the
 * exit code, or -1. */
int generator_run(const struct run_options *o, const struct plan *plan, struct err *e);

#endif
