/* Fields of texts that may be secret by their names: members of JSON, pairs of forms and queries. Texts may
 * come from a server and be anything. */
#ifndef PLAN_SECRET_FIELDS_H
#define PLAN_SECRET_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

struct secret_field {
    const char *value;
    size_t n_bytes;
};

/* Finds the next secret value at or behind `from`, within the text; false when there is none. */
bool secret_fields_next(const char *text, size_t n_bytes, const char *from, struct secret_field *field);

#endif
