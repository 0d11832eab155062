/* Content-Length as RFC 9110 section 8.6 has it, before llhttp, which takes one plain number: the same length
 * may be said more than once, in a list ("2, 2") or in further lines. The lines of a head pass through here
 * in pieces of any size. One of a length becomes a plain one, the next that say the same are left out, and
 * all others stay what and where they are. Hot path. */
#ifndef ENGINE_CONTENT_LENGTH_H
#define ENGINE_CONTENT_LENGTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct content_length {
    uint64_t value;
    uint64_t number;   /* that is being read */
    const char *cause; /* constant string: what is wrong with a length; NULL: nothing */
    bool is_known;     /* `value` is the length */
    bool is_first;     /* the line that is being read is the first of a length */
    uint8_t step;
    uint8_t n_matched; /* bytes of the name at the line's beginning */
    char rewritten[48];
};

struct content_piece {
    const char *text; /* borrowed until the next call */
    size_t n_bytes;
};

/* Before the first byte of a head. */
void content_length_begin(struct content_length *l);
/* Takes bytes from `*at` on, which it moves, and says what is to be parsed in their place: they themselves,
 * others, or none. -1 when a length or a line's end is wrong. */
int content_length_pass(struct content_length *l, const char **at, const char *end,
                        struct content_piece *piece);

#endif
