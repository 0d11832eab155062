/* An OpenAPI description, and what its references mean. */
#ifndef IMPORT_OPENAPI_DOC_H
#define IMPORT_OPENAPI_DOC_H

#include <jansson.h>

/* The object that `{ $ref: "#/a/b" }` leads to, or `value` itself; NULL when the reference leads out of the
 * document, nowhere, or in a circle. Borrowed. */
const json_t *openapi_resolve(const json_t *root, const json_t *value);
/* The member of a resolved object, resolved. */
const json_t *openapi_member(const json_t *root, const json_t *object, const char *key);

#endif
