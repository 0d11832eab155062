/* What can be wrong with a machine before anything is sent: each rank looks at its own. */
#ifndef FLEET_PREFLIGHT_H
#define FLEET_PREFLIGHT_H

#include <jansson.h>

struct engine;
struct err;
struct plan;
struct run_options;

/* Disk space for the files of the share, in this folder; and the way to the targets, unless `engine` is NULL.
 * -1 and a sentence, a clause about this host. */
int preflight_check(const struct run_options *o, const struct plan *plan, const char *folder,
                    const struct engine *engine, struct err *e);

/* What the run can live with: a new array of sentences; NULL when memory is short. */
json_t *preflight_warnings(const struct plan *plan);

#endif
