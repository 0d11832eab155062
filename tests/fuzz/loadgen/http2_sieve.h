/* Follows the frames in bytes that are made up, and makes unknown what nghttp2 has rules of its own for. */
#ifndef FUZZ_HTTP2_SIEVE_H
#define FUZZ_HTTP2_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the bytes stand among the frames. */
struct sieve {
    bool has_ack;  /* of our SETTINGS */
    bool is_block; /* a header block has begun */
    uint8_t head[9];
    uint32_t n_head, at; /* bytes of the head that are there, and of the payload */
    uint8_t last;
};

enum {
    DATA = 0,
    HEADERS = 1,
    PRIORITY = 2,
    SETTINGS = 4,
    PUSH_PROMISE = 5,
    CONTINUATION = 9,
    UNKNOWN_FRAME = 0x42,
    UNKNOWN_SETTING = 7
};
enum { END_HEADERS = 4, PADDED = 8 };

static inline uint32_t sieve_length(const struct sieve *s)
{
    return (uint32_t)s->head[0] << 16 | (uint32_t)s->head[1] << 8 | s->head[2];
}

static inline void sieve_end_frame(struct sieve *s)
{
    s->n_head = 0;
    if (s->head[3] == HEADERS || s->head[3] == CONTINUATION)
        s->is_block = !(s->head[4] & END_HEADERS);
}

/* nghttp2 takes pushes before SETTINGS that forbid them are acknowledged, no more than 32 settings, and no
 * priority of a stream that depends on itself. */
static inline bool sieve_is_special(const struct sieve *s, uint8_t type)
{
    return (type == PUSH_PROMISE && !s->has_ack) || (type == SETTINGS && sieve_length(s) > 32 * 6) ||
           (type == PRIORITY && sieve_length(s) == 5);
}

/* Makes unknown what nghttp2 has rules of its own for: such frames, and settings 8 and 9 (RFC 8441, RFC
 * 9218). */
static inline void sieve_pass(struct sieve *s, uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (s->n_head < sizeof s->head) {
            if (s->n_head == 3 && sieve_is_special(s, bytes[i]))
                bytes[i] = UNKNOWN_FRAME;
            s->head[s->n_head++] = bytes[i];
            s->at = 0;
        } else {
            if (s->head[3] == SETTINGS && s->at % 6 == 1 && s->last == 0 && (bytes[i] == 8 || bytes[i] == 9))
                bytes[i] = UNKNOWN_SETTING;
            s->last = bytes[i];
            s->at++;
        }
        if (s->n_head == sizeof s->head && s->at == sieve_length(s))
            sieve_end_frame(s);
    }
}

/* All frames and header blocks are complete. Within them, kinds may notice a mistake earlier or later. */
static inline bool sieve_is_between(const struct sieve *s)
{
    return s->n_head == 0 && !s->is_block;
}

#endif
