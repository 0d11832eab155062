/* The claims of a run as run.json holds them. */
#ifndef CLAIMS_JSON_H
#define CLAIMS_JSON_H

#include <jansson.h>

struct claims;

/* An owned array, empty for NULL; NULL when memory is short. */
json_t *claims_json(const struct claims *claims);

#endif
