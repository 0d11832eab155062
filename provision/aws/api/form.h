/* The body of a query call: `Action=X&Version=Y&Key=Value...`, percent-encoded as
 * application/x-www-form-urlencoded. */
#ifndef PROVISION_AWS_FORM_H
#define PROVISION_AWS_FORM_H

#include <stdbool.h>
#include <stddef.h>

struct form {
    char *text; /* owned, NUL-terminated; NULL while empty */
    size_t length_bytes;
    size_t capacity_bytes;
    bool failed; /* memory ran out; the text is unusable */
};

/* Starts a body; `f` must be zeroed. */
void form_start(struct form *f, const char *action, const char *version);
/* Adds a pair. In the value A-Z a-z 0-9 - _ . ~ stay, a space becomes '+', all else %XX in upper case. */
void form_add(struct form *f, const char *key, const char *value);
void form_add_number(struct form *f, const char *key, unsigned long value);
/* The same with a formatted key: form_addf(f, id, "InstanceId.%zu", i + 1). */
void form_addf(struct form *f, const char *value, const char *key_format, ...)
    __attribute__((format(printf, 3, 4)));
/* Drops what was added since the form was `length_bytes` long. */
void form_cut(struct form *f, size_t length_bytes);
void form_fini(struct form *f);

#endif
