/* The files that decide what a run sends, with the SHA-256 of their bytes: generators that share a plan must
 * have read the same. */
#ifndef COMMAND_RUN_INPUTS_H
#define COMMAND_RUN_INPUTS_H

#include "recorder.h"

#include <stddef.h>

struct err;
struct plan;
struct run_options;

/* Owned, their names borrowed from plan and options. */
struct run_inputs {
    struct recorder_input *rows;
    size_t n;
};

/* The scenario, the feeds and bodies, and the deployment. The scenario's hash is that of its text in
 * run.json, so secrets are not part of it. A file that cannot be read twice, such as a pipe, has no hash. -1
 * when memory is short; run_inputs_fini is due even then. */
int run_inputs_init(struct run_inputs *inputs, const struct run_options *o, const struct plan *plan,
                    struct err *e);
void run_inputs_fini(struct run_inputs *inputs);

#endif
