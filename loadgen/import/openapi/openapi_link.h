/* Links of OpenAPI: what an operation's answer gives to another's parameters. */
#ifndef IMPORT_OPENAPI_LINK_H
#define IMPORT_OPENAPI_LINK_H

#include "openapi_operation.h"

struct openapi_link {
    size_t from, to; /* operations */
    const char *parameter;
    const char *source, *place; /* of the capture */
    const char *variable;
};

struct openapi_links {
    struct openapi_link *items;
    size_t n;
};

/* Reads the links of all operations; those that cannot be captures are noted. */
int openapi_links_read(struct openapi_links *out, struct draft *d, const json_t *root,
                       const struct openapi_operation *operations, size_t n, struct err *e);
/* Puts into `order` the operations so that each comes behind those whose answers it needs. */
void openapi_links_order(const struct openapi_links *links, size_t n, size_t *order, bool *is_seen);

#endif
