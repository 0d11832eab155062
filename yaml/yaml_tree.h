/* A YAML file as a tree of nodes that know their place, so that every mistake can be shown as
 * `file:line:column: error: sentence` with the line and a caret. Only what our files need: scalars, lists and
 * maps with scalar keys; anchors, aliases, tags and further documents are refused, so that a small file stays
 * small. The one file that knows libyaml is yaml_tree.c. */
#ifndef YAML_YAML_TREE_H
#define YAML_YAML_TREE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum {
    YAML_FILE_BYTES_MOST = 1024 * 1024,
    YAML_DEPTH_MOST = 16,
    YAML_MEMBERS_MOST = 256, /* keys of one map */
};

enum yaml_kind {
    YAML_SCALAR,
    YAML_LIST,
    YAML_MAP,
};

struct yaml_node {
    enum yaml_kind kind;
    uint32_t line, column;       /* from 1; 0 when unknown */
    uint32_t width;              /* characters to underline */
    size_t begin_byte, end_byte; /* of a scalar in the file's text, without quotes */
    bool is_plain;               /* a scalar without quotes, so that 5 and true are no texts */
    bool is_null;                /* nothing stands there, or a plain ~ or null */
    char *text;                  /* scalar; NUL-terminated */
    size_t text_bytes;
    size_t n_items;                 /* of a list or map */
    struct yaml_node *key;          /* when it is a member of a map */
    struct yaml_node *first, *last; /* items of a list, values of a map */
    struct yaml_node *next;         /* the sibling after it */
    struct yaml_node *parent;
    struct yaml_node *made_before; /* all nodes of the file, for freeing */
};

struct yaml_file {
    char *path;         /* as people know it */
    const char *manual; /* the page that describes such files, for mistakes; NULL: none. Set by the reader. */
    char *text;
    size_t text_bytes;
    struct yaml_node *root; /* always a map */
    struct yaml_node *newest;
};

/* Reads and parses; `path` is also the name in mistakes. Fills `out`, which the caller frees with yaml_fini
 * in every case. -1: ERR_INPUT with the place. */
int yaml_load(struct yaml_file *out, const char *path, struct err *e);
/* The same with the text given; it is copied. */
int yaml_parse(struct yaml_file *out, const char *path, const char *text, size_t text_bytes, struct err *e);
void yaml_fini(struct yaml_file *f);

/* The value of a key; NULL when the map has none. */
const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key);
/* The item of a list, from 0; NULL when the list has fewer. */
const struct yaml_node *yaml_item(const struct yaml_node *list, size_t index);

/* Fills `e` with the sentence, the place of `node`, its line and a caret. Returns -1. */
int yaml_mistake(const struct yaml_file *f, const struct yaml_node *node, struct err *e, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));
/* Puts the place around the sentence that is in `e` already. Returns -1. */
int yaml_place(const struct yaml_file *f, const struct yaml_node *node, struct err *e);

/* What stands there, for "must be ..., not %s": 'abc', a list, a map, nothing. Returns `out`. */
enum { YAML_SHOWN_BYTES = 64 };
const char *yaml_shown(const struct yaml_node *node, char *out);

#endif
