/* A cluster, a stream or a row of a session stream in the JSON object of the run. */
#ifndef RUN_ROW_JSON_H
#define RUN_ROW_JSON_H

#include <jansson.h>

struct claim_row;
struct derived_run;

/* Adds what was measured: counts, rates, percentiles and other times. The object becomes NULL when memory is
 * short. */
void run_row_json_set(json_t **object, const struct derived_run *run, const struct claim_row *row);

#endif
