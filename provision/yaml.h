/* A YAML file read into a struct by a table of fields, with errors that point at the place: `file:line:col:
 * error: ...`, the line, and a caret. The only file that knows libfyaml. A table row says what a key must
 * hold and where it goes, so what a file may say can be read from its tables; unknown, doubled and missing
 * keys are errors. Aliases are refused, so that a small file stays small. */
#ifndef PROVISION_YAML_H
#define PROVISION_YAML_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct fy_document;
struct fy_node;

struct yaml {
    struct fy_document *document; /* owned */
    char *text;                   /* owned; the whole file */
    const char *path;             /* borrowed */
};

/* Reads a file of at most 1 MiB. `path` is borrowed until yaml_fini. */
int yaml_load(struct yaml *y, const char *path, struct err *e);
/* The same from memory, as if it had stood in the file `path`. */
int yaml_load_text(struct yaml *y, const char *path, const char *text, size_t length_bytes, struct err *e);
void yaml_fini(struct yaml *y);
struct fy_node *yaml_root(const struct yaml *y);

/* Sets an ERR_INPUT sentence that points at `node`. Returns -1. */
int yaml_error(const struct yaml *y, struct fy_node *node, struct err *e, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The node at a path such as "/clusters/1/zone", to point at once the whole file is known; NULL when it is
 * not in the file, and then yaml_error points at the start. */
struct fy_node *yaml_find(const struct yaml *y, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum yaml_kind {
    YAML_TEXT,     /* char[bytes], NUL-terminated; `valid` may restrict it, `form` says to what */
    YAML_COUNT,    /* unsigned, least..most */
    YAML_REAL,     /* double, least..most */
    YAML_DURATION, /* uint64_t ns, `500ms`; least..most in ns */
    YAML_CHOICE,   /* int: index into `choices` */
    YAML_NESTED,   /* whatever `read` makes of the node */
};

/* Reads `node`, the value of the key `key`, into the field at `into`. */
typedef int yaml_read_fn(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                         struct err *e);
typedef bool yaml_valid_fn(const char *text);

struct yaml_field {
    const char *name; /* the row after the last is zeroed */
    enum yaml_kind kind;
    bool required;
    size_t offset; /* in the struct that is filled */
    size_t bytes;  /* YAML_TEXT: size of the array */
    double least, most;
    const char *const *choices; /* YAML_CHOICE: NULL-terminated */
    yaml_valid_fn *valid;
    const char *form; /* of a valid text: "an absolute path such as /cluster1" */
    yaml_read_fn *read;
};

/* The members of a row for the text member of a struct. */
#define YAML_TEXT_AT(type, member)                                                                           \
    .kind = YAML_TEXT, .offset = offsetof(struct type, member), .bytes = sizeof(((struct type *)0)->member)

/* Fills `into` from the mapping `node`; fields that are not in the file keep their value. `what` names the
 * mapping in sentences; `key` (may be NULL) is where to point when the node itself is too empty to point at.
 */
int yaml_read_mapping(const struct yaml *y, struct fy_node *key, struct fy_node *node, const char *what,
                      const struct yaml_field *fields, void *into, struct err *e);

/* Calls `read` with `key` for each item of the sequence `node`, `stride` bytes apart in `into`; at least 1
 * and at most `most`. */
int yaml_read_list(const struct yaml *y, struct fy_node *key, struct fy_node *node, const char *what,
                   yaml_read_fn *read, void *into, size_t stride, size_t most, size_t *n, struct err *e);

/* Copies a scalar into `out`; an error if `node` is not one, or too long. */
int yaml_read_text(const struct yaml *y, struct fy_node *key, struct fy_node *node, char *out,
                   size_t out_bytes, struct err *e);

/* Iterates over a mapping's pairs: the next one after `*cursor` (start with NULL); false at the end. */
bool yaml_next_pair(struct fy_node *mapping, void **cursor, struct fy_node **key, struct fy_node **value);
bool yaml_is_mapping(struct fy_node *node);

#endif
