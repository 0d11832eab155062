/* The keys of a YAML map as a table: one row per key says its kind, its limits and where in a struct its
 * value goes. What a key may hold is written once, and every mistake is reported in the same words: unknown
 * keys with a suggestion, missing keys, wrong types, values out of range. */
#ifndef YAML_FIELDS_H
#define YAML_FIELDS_H

#include "yaml_tree.h"

#include <stddef.h>
#include <stdint.h>

struct err;

enum field_kind {
    FIELD_TEXT,     /* const char *, borrowed from the file; NULL when not given */
    FIELD_WORD,     /* char[]: a text that fits and that `is_right`, if given, takes */
    FIELD_NAME,     /* char[TAGS_NAME_BYTES]: 1 to 32 of A-Z a-z 0-9 _ - */
    FIELD_COUNT,    /* uint64_t or unsigned, within least..most */
    FIELD_REAL,     /* double within lowest..highest */
    FIELD_DURATION, /* uint64_t ns within least..most */
    FIELD_RATE,     /* double per second, from 0 to `most` */
    FIELD_FLAG,     /* bool */
    FIELD_CHOICE,   /* int: index into `choices` */
    FIELD_NODE,     /* const struct yaml_node *: read elsewhere */
    FIELD_NESTED,   /* whatever `read` makes of the node */
};

/* Reads a node into the field at `into`. */
typedef int field_read_fn(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e);

struct field {
    const char *key; /* the row after the last is zeroed */
    enum field_kind kind;
    size_t offset, bytes; /* of the member of the struct that is filled */
    bool is_required;
    uint64_t least, most;
    double lowest, highest;
    const char *const *choices; /* NULL-terminated */
    bool (*is_right)(const char *text);
    const char *form; /* of a right word: "a zone such as us-east-1a" */
    field_read_fn *read;
};

/* The first members of a row: `{ FIELD("users", FIELD_COUNT, struct raw, n_users), .least = 1, .most = 9 }`.
 */
#define FIELD(key_, kind_, type, member)                                                                     \
    .key = (key_), .kind = (kind_), .offset = offsetof(type, member), .bytes = sizeof(((type *)0)->member)

enum { FIELDS_MOST = 32 };

/* Reads every member of `map` into the struct at `into`, whose fields keep their value when their key is
 * missing. An unknown key, a missing one that is required, a wrong type or a value out of range is a mistake.
 * `what` names the map in the sentence: "a stream". */
int fields_read(const struct yaml_file *f, const struct yaml_node *map, const char *what,
                const struct field *rows, void *into, struct err *e);

/* An array in the struct that is filled: items `stride` bytes apart, of which there may be 1 to `most`. */
struct field_list {
    const char *what; /* the items: "zones" */
    field_read_fn *read;
    size_t stride, most;
};
/* Reads each item of a list into the array at `into`; sets `*n`. */
int fields_read_list(const struct yaml_file *f, const struct yaml_node *node, const struct field_list *list,
                     void *into, size_t *n, struct err *e);

/* Checks that a text is a name and copies it into char[TAGS_NAME_BYTES]; -1 leaves `e` alone. */
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
