/* A run as one JSON object, for programs: `loadgen run --json` builds it from memory, `loadgen analysis
 * export` from the run folder, and the bytes are the same. Its members: results/README.md and
 * docs/schema/run.schema.json. */
#ifndef RUN_OBJECT_H
#define RUN_OBJECT_H

#include <jansson.h>

struct claims;
struct derived_run;

/* All borrowed. */
struct run_object {
    const json_t *run; /* what run.json holds */
    const struct derived_run *derived;
    const struct claims *claims;
    const char *folder; /* NULL: the run left none */
};

/* An owned object; NULL when memory is short. */
json_t *run_object_json(const struct run_object *o);

#endif
