/* One operation of a description as a step. */
#ifndef IMPORT_OPENAPI_OPERATION_H
#define IMPORT_OPENAPI_OPERATION_H

#include "draft.h"

struct err;

struct openapi_operation {
    const char *id; /* "" when it has none */
    const char *method, *path;
    const char *tag;             /* the first; "" when it has none */
    const json_t *object, *item; /* the operation, and the path's item */
};

/* A parameter whose value an earlier step captures. */
struct openapi_given {
    const char *parameter; /* "petId" or "path.petId" */
    const char *variable;
};

/* Adds the step to the stream. `given` are its parameters that links give. */
int openapi_operation_add(struct draft *d, struct draft_stream *s, const json_t *root,
                          const struct openapi_operation *op, const struct openapi_given *given,
                          size_t n_given, struct err *e);

#endif
