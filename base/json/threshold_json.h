/* A judged threshold as run.json holds it. */
#ifndef THRESHOLD_JSON_H
#define THRESHOLD_JSON_H

#include <jansson.h>

struct threshold_result;

/* An owned object; NULL when memory is short. */
json_t *threshold_json(const struct threshold_result *t);

#endif
