/* Content-Length as RFC 9110 section 8.6 defines it. It runs before llhttp, which accepts a single plain
 * number, whereas a length may be repeated, in a list ("2, 2") or in further lines. The lines of a head pass
 * through here in pieces of any size: the first length becomes a plain one, repetitions are dropped, and
 * everything else passes unchanged. Hot path. */
#ifndef ENGINE_CONTENT_LENGTH_H
#define ENGINE_CONTENT_LENGTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct content_length {
    uint64_t value;
    uint64_t number;   /* being read */
    const char *cause; /* what is wrong with a length, a constant string; NULL: nothing */
    bool is_known;     /* `value` holds the length */
    bool is_first;     /* the current line is the first with a length */
    uint8_t step;
    uint8_t n_matched; /* bytes of the name matched so far */
    char rewritten[48];
};

struct content_piece {
    const char *text; /* borrowed until the next call */
    size_t n_bytes;
};

/* Call before the first byte of a head. */
void content_length_begin(struct content_length *l);
/* Consumes bytes, advances `*at`, and returns what to parse in their place: the same bytes, others, or none.
 * -1 when a length or a line end is invalid. */
int content_length_pass(struct content_length *l, const char **at, const char *end,
                        struct content_piece *piece);

#endif
