/* The body of an operation: JSON, a form, or text with an example. */
#ifndef IMPORT_OPENAPI_BODY_H
#define IMPORT_OPENAPI_BODY_H

#include "draft.h"

struct err;

/* `body` is the operation's requestBody; NULL: it has none. */
int openapi_body_add(struct draft *d, struct draft_step *s, const json_t *root, const json_t *body,
                     struct err *e);

#endif
