/* Content codings undone while a body arrives: gzip, deflate (with its zlib frame, or without one as some
 * servers send it) and br. Output goes to a buffer of the pool, up to a limit. A decoder is large, so a
 * thread has a few, each in use for as long as one coded body arrives. */
#ifndef ENGINE_DECODER_H
#define ENGINE_DECODER_H

#include "buffers.h"

#include <stdbool.h>
#include <stddef.h>

enum coding {
    CODING_NONE,
    CODING_GZIP,
    CODING_DEFLATE,
    CODING_BR,
    CODING_OTHER, /* or several */
};

struct decoder;

/* A thread's decoders that are not in use. All zero at first. */
struct decoders {
    struct decoder *free;
};

/* What a Content-Encoding field says. */
enum coding coding_of(const char *value, size_t n_bytes);

void decoders_fini(struct decoders *pool);
/* For GZIP, DEFLATE or BR. NULL when memory is short. */
struct decoder *decoder_take(struct decoders *pool, enum coding coding);
void decoder_release(struct decoders *pool, struct decoder *d);
/* Decodes behind what `out` holds. Returns NULL, or why it failed, a constant string. */
const char *decoder_feed(struct decoder *d, const char *at, size_t n_bytes, struct buffers *buffers,
                         struct buffer *out, size_t bytes_most);
/* The body is complete. Returns NULL, or why the coded data is not, a constant string. */
const char *decoder_end(const struct decoder *d);

#endif
