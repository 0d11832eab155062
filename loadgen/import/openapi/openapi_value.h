/* The value that a description gives for a parameter or a body: its example, default or first choice. What
 * has none becomes a variable of the environment. */
#ifndef IMPORT_OPENAPI_VALUE_H
#define IMPORT_OPENAPI_VALUE_H

#include "draft.h"

#include <stdbool.h>

struct err;

struct openapi_value {
    struct draft *draft;
    const json_t *root;
    const char *step; /* name of the step, for what is said of variables */
};

/* The example of a parameter or media type, or of its schema; NULL: there is none. Borrowed. */
const json_t *openapi_value_given(const json_t *root, const json_t *holder, const json_t *schema);
/* A scalar as a template; NULL: it is an object or a list, or memory is short (then `e` has a sentence). */
const char *openapi_value_text(struct draft *d, const json_t *value, struct err *e);
/* `{env:NAME}` for a value that the description does not give. */
const char *openapi_value_missing(const struct openapi_value *v, const char *name, const char *kind,
                                  const char *filter, struct err *e);
/* A body by its schema: required members, and those that have a value. Owned, strings are templates; NULL and
 * a sentence when memory is short. */
json_t *openapi_value_body(const struct openapi_value *v, const json_t *media, struct err *e);

#endif
