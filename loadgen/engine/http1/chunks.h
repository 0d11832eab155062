/* The chunked transfer coding (RFC 9112 section 7.1), eaten in pieces of any size: what the chunks hold is
 * handed on without a copy, extensions and trailers are passed over. Blanks behind a size, which old servers
 * write, are taken; what else breaks the rules is refused. Hot path. */
#ifndef ENGINE_CHUNKS_H
#define ENGINE_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

enum { CHUNKS_LINES_MOST_BYTES = 256 * 1024 }; /* of a chunk's size with its extensions; of all trailers */

enum chunks_state {
    CHUNKS_MORE,   /* all bytes are eaten, and there is more to come */
    CHUNKS_DATA,   /* a part of the body was met */
    CHUNKS_DONE,   /* the body is complete */
    CHUNKS_BROKEN, /* `cause` says why: a constant string */
};

struct chunks {
    uint64_t left_bytes; /* of the current chunk */
    const char *cause;
    uint32_t line_bytes; /* of the current size with its extensions, or of the trailers */
    uint8_t step;
};

/* Before the first chunk. */
void chunks_begin(struct chunks *k);
/* Eats from `*at` on, which it moves, and stops behind a part of the body (`*data`, borrowed), at the end of
 * it, and where it breaks. */
enum chunks_state chunks_eat(struct chunks *k, const char **at, const char *end, const char **data,
                             size_t *data_bytes);

#endif
