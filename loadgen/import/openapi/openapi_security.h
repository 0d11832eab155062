/* The credentials of an operation, each a variable of the environment. */
#ifndef IMPORT_OPENAPI_SECURITY_H
#define IMPORT_OPENAPI_SECURITY_H

#include "draft.h"

struct err;

/* By the operation's `security`, or that of the document: the first of its alternatives. */
int openapi_security_add(struct draft *d, struct draft_step *s, const json_t *root, const json_t *operation,
                         struct err *e);

#endif
