/* The claims of a run as its run.json holds them. */
#ifndef MERGE_CLAIMS_H
#define MERGE_CLAIMS_H

#include <jansson.h>

struct claims;

/* An owned array; NULL when memory is short. */
json_t *merge_claims(const struct claims *claims);

#endif
