/* Passes over a JSON text (RFC 8259), value by value, and checks all of it: structure, numbers, escapes,
 * UTF-8 and depth. Keeps nothing of what it passes. Hot path: a string is read eight bytes at a time. */
#ifndef ENGINE_JSON_SKIP_H
#define ENGINE_JSON_SKIP_H

#include <stdbool.h>
#include <stddef.h>

enum { JSON_DEPTH_MOST = 2048 };

struct json_skip {
    const char *at, *end;
    const char *cause; /* why the text is no JSON, a constant string; NULL: it is, as far as it was read */
    unsigned depth;    /* containers around `at` */
};

/* A string as it stands between its quotes. */
struct json_raw {
    const char *at;
    size_t n_bytes;
    bool has_escapes;
};

/* Notes the cause. Returns false. */
bool json_skip_fail(struct json_skip *s, const char *cause);
void json_skip_blanks(struct json_skip *s);
/* Passes over this byte; false when another one follows. Blanks in front of it are skipped. */
bool json_skip_byte(struct json_skip *s, char byte);
/* Passes over a string, of which `at` is the opening quote. */
bool json_skip_string(struct json_skip *s, struct json_raw *raw);
/* Passes over a value with all that it contains. Needs no blanks in front. */
bool json_skip_value(struct json_skip *s);

#endif
