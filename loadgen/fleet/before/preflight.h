/* Each rank checks its own machine before anything is sent. */
#ifndef FLEET_PREFLIGHT_H
#define FLEET_PREFLIGHT_H

#include <jansson.h>

struct engine;
struct err;
struct plan;
struct run_options;

/* Checks the disk space for the files of the share, in this folder, and unless `engine` is NULL, the way to
 * the targets. -1 and a sentence that a host's name can precede. */
int preflight_check(const struct run_options *o, const struct plan *plan, const char *folder,
                    const struct engine *engine, struct err *e);

/* What is wrong but stops no run: a new array of sentences; NULL when memory is short. */
json_t *preflight_warnings(const struct plan *plan);

#endif
