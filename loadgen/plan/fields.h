/* The keys of a YAML map as a table: one row per key says its kind, its limits and where in a struct its
 * value goes. What a key may hold is written once, and every mistake is told in the same words. */
#ifndef PLAN_FIELDS_H
#define PLAN_FIELDS_H

#include "yaml.h"

#include <stddef.h>
#include <stdint.h>

struct err;

enum field_kind {
    FIELD_TEXT,     /* const char *, borrowed from the file; NULL when not given */
    FIELD_NAME,     /* char[PLAN_NAME_BYTES]: 1 to 32 of A-Z a-z 0-9 _ - */
    FIELD_COUNT,    /* uint64_t within least..most */
    FIELD_DURATION, /* uint64_t ns within least..most */
    FIELD_RATE,     /* double per second, above 0 and at most `most` */
    FIELD_FLAG,     /* bool */
    FIELD_CHOICE,   /* int: index into `choices` */
    FIELD_NODE,     /* const struct yaml_node *: read elsewhere */
};

struct field {
    const char *key; /* the row after the last is zeroed */
    enum field_kind kind;
    size_t offset;
    uint64_t least, most;
    const char *const *choices; /* NULL-terminated */
};

enum { FIELDS_MOST = 32 };

/* Reads every member of `map` into the struct at `into`, whose fields keep their value when their key is
 * missing. An unknown key, a wrong type or a value out of range is a mistake. `what` says in it what the map
 * is: "a stream". */
int fields_read(const struct yaml_file *f, const struct yaml_node *map, const char *what,
                const struct field *rows, void *into, struct err *e);

/* Checks that a text is a name and copies it into char[PLAN_NAME_BYTES]; -1 leaves `e` alone. */
int fields_copy_name(const char *text, char *name);
#define FIELDS_NAME_FORM "1 to 32 of A-Z a-z 0-9 _ -"

/* Calls `visit` with each item of a list, or with the node itself when it is a single scalar. */
typedef int fields_item_fn(void *payload, const struct yaml_node *item, struct err *e);
int fields_each(const struct yaml_node *node, fields_item_fn *visit, void *payload, struct err *e);

/* The text of a scalar; NULL and a mistake ("'key' must be <form>, not ...") when it is a list, a map or
 * nothing. */
const char *fields_text(const struct yaml_file *f, const struct yaml_node *node, const char *form,
                        struct err *e);
/* The mistake "'key' must be <form>, not <what stands there>". The key is the node's, or its list's. */
int fields_wrong(const struct yaml_file *f, const struct yaml_node *node, const char *form, struct err *e);

#endif
