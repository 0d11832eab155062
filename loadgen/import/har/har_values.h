/* Values that answers gave and later requests send back: tokens, identifiers. Each is known by the step whose
 * answer had it first, and where it stood there. */
#ifndef IMPORT_HAR_VALUES_H
#define IMPORT_HAR_VALUES_H

#include "arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct err;

struct har_value {
    const char *text;
    const char *name;   /* of the member or header */
    const char *source; /* "json", "header", "regex" */
    const char *place;
    size_t entry;           /* whose answer it was */
    struct har_value *next; /* of the same hash */
};

enum { HAR_VALUES_SLOTS = 16384, HAR_VALUES_MOST = 200000 };

struct har_values {
    struct arena *arena; /* borrowed */
    struct har_value *slots[HAR_VALUES_SLOTS];
    size_t n;
};

/* Adds the strings and numbers of a JSON answer that could be tokens or identifiers. */
int har_values_add_json(struct har_values *v, size_t entry, const json_t *answer, struct err *e);
int har_values_add_header(struct har_values *v, size_t entry, const char *name, const char *value,
                          struct err *e);
/* A value that the first group of a regular expression finds. */
int har_values_add_regex(struct har_values *v, size_t entry, const char *name, const char *value,
                         const char *regex, struct err *e);
/* The first that has this text in `list`, and so on by `next`; compare the texts. */
struct har_value *har_values_first(const struct har_values *v, const char *text);
/* Whether a value is too short to be taken for the same only because it is equal. */
bool har_values_is_short(const char *text);

#endif
