/* Decoder for the chunked transfer coding (RFC 9112 section 7.1), fed in pieces of any size: chunk data is
 * passed on without a copy, extensions and trailers are skipped. Blanks after a size, as old servers write
 * them, are accepted; everything else that breaks the rules is refused. Hot path. */
#ifndef ENGINE_CHUNKS_H
#define ENGINE_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

/* For a chunk size with its extensions, and for all trailers. */
enum { CHUNKS_LINES_MOST_BYTES = 256 * 1024 };

enum chunks_state {
    CHUNKS_MORE,   /* all bytes are consumed; the body goes on */
    CHUNKS_DATA,   /* a part of the body was found */
    CHUNKS_DONE,   /* the body is complete */
    CHUNKS_BROKEN, /* `cause` says why, a constant string */
};

struct chunks {
    uint64_t left_bytes; /* of the current chunk */
    const char *cause;
    uint32_t line_bytes; /* of the current chunk size with its extensions, or of the trailers */
    uint8_t step;
};

/* Call before the first chunk. */
void chunks_begin(struct chunks *k);
/* Consumes bytes and advances `*at`; stops after a part of the body (`*data`, borrowed), at its end, or where
 * it is broken. */
enum chunks_state chunks_eat(struct chunks *k, const char **at, const char *end, const char **data,
                             size_t *data_bytes);

#endif
