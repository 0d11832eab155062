/* Follows the frames in bytes that are made up: notes what they grant, and makes unknown what nghttp2 has
 * rules of its own for. */
#ifndef FUZZ_HTTP2_SIEVE_H
#define FUZZ_HTTP2_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIEVE_SETTINGS = 4096 };

/* Where the bytes stand among the frames. */
struct sieve {
    bool has_ack;  /* of our SETTINGS */
    bool is_block; /* a header block has begun */
    uint8_t head[9];
    uint32_t n_head, at;                   /* bytes of the head that are there, and of the payload */
    uint32_t last;                         /* the last four bytes of the payload */
    uint16_t setting;                      /* whose value comes */
    uint64_t window_bytes, window_of[256]; /* of the connection; by which those of streams grew */
    uint64_t first_window_most_bytes;      /* with which a stream may have begun */
    uint32_t n_settings, n_tables;
    uint32_t tables_of[SIEVE_SETTINGS]; /* how many table sizes there were, behind each SETTINGS */
    uint32_t tables[SIEVE_SETTINGS];
};

enum {
    DATA = 0,
    HEADERS = 1,
    PRIORITY = 2,
    RST_STREAM = 3,
    SETTINGS = 4,
    PUSH_PROMISE = 5,
    WINDOW_UPDATE = 8,
    CONTINUATION = 9,
    UNKNOWN_FRAME = 0x42,
    UNKNOWN_SETTING = 7
};
enum { END_HEADERS = 4, PADDED = 8 };

enum { SETTING_BYTES = 6 };

static inline void sieve_begin(struct sieve *s, bool has_ack)
{
    *s = (struct sieve){ .has_ack = has_ack, .window_bytes = 65535, .first_window_most_bytes = 65535 };
}

static inline uint32_t sieve_length(const struct sieve *s)
{
    return (uint32_t)s->head[0] << 16 | (uint32_t)s->head[1] << 8 | s->head[2];
}

static inline void sieve_end_frame(struct sieve *s)
{
    s->n_head = 0;
    if (s->head[3] == HEADERS || s->head[3] == CONTINUATION)
        s->is_block = !(s->head[4] & END_HEADERS);
    if (s->head[3] == SETTINGS && !(s->head[4] & 1) && s->n_settings < SIEVE_SETTINGS)
        s->tables_of[s->n_settings++] = s->n_tables;
    if (s->head[3] == WINDOW_UPDATE && s->head[8] == 0)
        s->window_bytes += s->last & 0x7fffffff;
    else if (s->head[3] == WINDOW_UPDATE)
        s->window_of[s->head[8]] += s->last & 0x7fffffff;
}

static inline void sieve_set(struct sieve *s)
{
    if (s->setting == 1 && s->n_tables < SIEVE_SETTINGS)
        s->tables[s->n_tables++] = s->last;
    if (s->setting == 4 && s->last > s->first_window_most_bytes)
        s->first_window_most_bytes = s->last;
}

/* nghttp2 takes pushes before SETTINGS that forbid them are acknowledged, no more than 32 settings, and no
 * priority of a stream that depends on itself. */
static inline bool sieve_is_special(const struct sieve *s, uint8_t type)
{
    return (type == PUSH_PROMISE && !s->has_ack) || (type == SETTINGS && sieve_length(s) > 32 * 6) ||
           (type == PRIORITY && sieve_length(s) == 5);
}

static inline void sieve_payload(struct sieve *s, uint8_t *byte)
{
    const bool is_setting = s->head[3] == SETTINGS;
    if (is_setting && s->at % 6 == 1 && (s->last & 0xff) == 0 && (*byte == 8 || *byte == 9))
        *byte = UNKNOWN_SETTING;
    s->last = s->last << 8 | *byte;
    if (is_setting && s->at % 6 == 1)
        s->setting = s->last & 0xffff;
    if (is_setting && s->at % 6 == 5)
        sieve_set(s);
    s->at++;
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
            sieve_payload(s, &bytes[i]);
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
