/* --json, --junit and --markdown: where a run's result goes besides its folder. */
#ifndef COMMAND_RUN_OUTPUTS_H
#define COMMAND_RUN_OUTPUTS_H

#include <stdbool.h>

struct err;
struct run_options;

/* Whether one of them is stdout, which then has nothing else. */
bool run_outputs_use_stdout(const struct run_options *o);

/* Refuses two for stdout and files that could not be written, before anything is sent. Makes missing folders.
 */
int run_outputs_check(const struct run_options *o, struct err *e);

#endif
