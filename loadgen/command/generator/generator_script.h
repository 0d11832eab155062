/* The script that the generator's shell runs: the same `loadgen run`, in the place of the current folder. */
#ifndef COMMAND_GENERATOR_SCRIPT_H
#define COMMAND_GENERATOR_SCRIPT_H

struct err;
struct plan;
struct run_options;
struct upload;

#define GENERATOR_SCRIPT "run.sh"

/* Refuses options that make no sense on another machine: sockets and servers of this one. */
int generator_script_check(const struct run_options *o, struct err *e);

/* Adds the files that the options and the plan name to the upload, and the script, which starts the run with
 * these options. `deployment` is the path of the deployment file, and `id` that of its generator. */
int generator_script_write(struct upload *u, const struct run_options *o, const struct plan *plan,
                           const char *deployment, const char *id, struct err *e);

#endif
