/* A sweep as one JSON object, which `loadgen sweep --json` prints: docs/schema/sweep.schema.json. */
#ifndef COMMAND_SWEEP_JSON_H
#define COMMAND_SWEEP_JSON_H

#include <jansson.h>
#include <stdbool.h>

struct err;
struct loadcurve_point;
struct sweep_options;

/* The steps and clusters so far; NULL where memory was short. */
struct sweep_json {
    json_t *clusters, *steps; /* owned; the steps are those of the cluster that is being searched */
};

/* How the search on a cluster ended. */
struct sweep_found {
    const char *cluster;
    const char *target; /* URL */
    double good, bad;   /* the highest rate that held, and the lowest that did not; 0: none */
    const char *limit;  /* what ended the search: the result of the step that did not hold; NULL: none did */
};

void sweep_json_init(struct sweep_json *j);
void sweep_json_step(struct sweep_json *j, const struct loadcurve_point *point, const char *run);
/* Takes the steps since the last cluster. */
void sweep_json_cluster(struct sweep_json *j, const struct sweep_found *found);
/* Prints the object to stdout. `is_whole`: every search went to its end. */
int sweep_json_print(const struct sweep_json *j, const struct sweep_options *o, const char *folder,
                     bool is_whole, struct err *e);
void sweep_json_fini(struct sweep_json *j);

#endif
