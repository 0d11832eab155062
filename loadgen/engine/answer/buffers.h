/* Buffers that grow, from a pool of a thread's own: sizes are powers of two, what is given back is used
 * again, and all of them together have a limit. */
#ifndef ENGINE_BUFFERS_H
#define ENGINE_BUFFERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BUFFERS_SMALLEST_BITS = 10,
    BUFFERS_LARGEST_BITS = 27,
    BUFFERS_BYTES_MOST = 256 * 1024 * 1024, /* of one thread, used or not */
};

/* Why an answer fails at these limits: the pool's, and that of one body. */
extern const char buffers_full[], buffers_too_long[];

/* All zero: empty. */
struct buffer {
    char *bytes;
    size_t n_bytes, room_bytes;
};

/* What a block that is not in use begins with. */
struct buffers_link {
    struct buffers_link *next;
};

/* All zero at first. */
struct buffers {
    struct buffers_link *free[BUFFERS_LARGEST_BITS + 1]; /* by bits of the size */
    size_t held_bytes;
    uint64_t n_refused; /* how often there was no room left */
};

/* Frees the buffers that are not in use. */
void buffers_fini(struct buffers *pool);
/* Makes room for `n_more` bytes behind those of the buffer. False: the limit is met, or memory is short. */
bool buffer_reserve(struct buffers *pool, struct buffer *b, size_t n_more);
bool buffer_append(struct buffers *pool, struct buffer *b, const char *at, size_t n_bytes);
/* Gives its room back and empties it. */
void buffer_release(struct buffers *pool, struct buffer *b);

#endif
