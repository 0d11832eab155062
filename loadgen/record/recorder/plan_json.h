/* The plan in run.json: target, deployment, clusters, streams, phases. */
#ifndef RECORD_PLAN_JSON_H
#define RECORD_PLAN_JSON_H

#include <jansson.h>
#include <stddef.h>

struct plan;
struct round_trips;
struct plan_stream;
struct plan_target;

/* Sets "target", "deployment", "clusters" and "streams". */
void plan_json_set(json_t **run, const struct plan *plan, const struct round_trips *round_trips);
/* The protocol as the scenario's `target.http` names it. Constant. */
const char *plan_json_http(const struct plan_target *target);
/* Phase k of a stream, without start and end; owned by the caller. */
json_t *plan_json_phase(const struct plan_stream *stream, size_t k);

#endif
