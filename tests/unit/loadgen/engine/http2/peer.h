/* The server's side of a connection: builds the frames that a test wants to arrive, and reads the frames that
 * the connection wrote. Tests run for each kind of http2.h, which is their initial state. */
#ifndef TEST_PEER_H
#define TEST_PEER_H

#include "http2.h"
#include "plan.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>

enum {
    DATA,
    HEADERS,
    PRIORITY,
    RST_STREAM,
    SETTINGS,
    PUSH_PROMISE,
    PING,
    GOAWAY,
    WINDOW_UPDATE,
    CONTINUATION
};
enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4, PADDED = 8 };
enum { MAX_CONCURRENT_STREAMS = 3, INITIAL_WINDOW_SIZE = 4, MAX_FRAME_SIZE = 5 };
enum { PEER_STREAMS = 512, PEER_BYTES = 4 * 1024 * 1024 };

struct peer {
    struct http2 *h;
    struct http2_stream streams[PEER_STREAMS];
    struct plan_expect expect;
    unsigned char in[PEER_BYTES]; /* what arrives next */
    size_t in_bytes;
    unsigned char out[PEER_BYTES]; /* what the connection wrote, from `out_at` */
    size_t out_at, out_bytes;
};

/* A frame that the connection wrote. */
struct sent {
    size_t n_bytes;
    uint32_t id;
    uint8_t type, flags;
    const unsigned char *bytes;
};

static inline uint32_t peer_number(const unsigned char *at, int n_bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < n_bytes; i++)
        value = value << 8 | at[i];
    return value;
}

/* What arrives */

static inline void peer_bytes(struct peer *p, const void *bytes, size_t n)
{
    assert_true(p->in_bytes + n <= sizeof p->in);
    if (n > 0)
        memcpy(p->in + p->in_bytes, bytes, n);
    p->in_bytes += n;
}

static inline void peer_value(struct peer *p, uint32_t value, int n_bytes)
{
    for (int i = n_bytes - 1; i >= 0; i--)
        peer_bytes(p, &(unsigned char){ (unsigned char)(value >> 8 * i) }, 1);
}

static inline void peer_head(struct peer *p, size_t n_bytes, int type, int flags, uint32_t id)
{
    peer_value(p, (uint32_t)n_bytes, 3);
    peer_value(p, (uint32_t)type, 1);
    peer_value(p, (uint32_t)flags, 1);
    peer_value(p, id, 4);
}

static inline void peer_frame(struct peer *p, int type, int flags, uint32_t id, const void *payload, size_t n)
{
    peer_head(p, n, type, flags, id);
    peer_bytes(p, payload, n);
}

/* Settings as pairs of identifier and value; n_values of both. */
static inline void peer_settings(struct peer *p, int n_values, const uint32_t *values)
{
    peer_head(p, (size_t)n_values * 3, SETTINGS, 0, 0);
    for (int i = 0; i < n_values; i += 2) {
        peer_value(p, values[i], 2);
        peer_value(p, values[i + 1], 4);
    }
}

/* Fields as "name", "value", ..., NULL: literals without indexing (RFC 7541 section 6.2.2). */
static inline size_t peer_block(unsigned char *out, const char *const *fields)
{
    size_t n = 0;
    for (; *fields; fields += 2) {
        out[n++] = 0;
        for (int i = 0; i < 2; i++) {
            const size_t length = strlen(fields[i]);
            assert_true(length < 127);
            out[n++] = (unsigned char)length;
            memcpy(out + n, fields[i], length);
            n += length;
        }
    }
    return n;
}

static inline void peer_fields(struct peer *p, uint32_t id, int flags, const char *const *fields)
{
    unsigned char block[8192];
    peer_frame(p, HEADERS, flags | END_HEADERS, id, block, peer_block(block, fields));
}
#define PEER_FIELDS(p, id, flags, ...) peer_fields(p, id, flags, (const char *const[]){ __VA_ARGS__, NULL })

static inline void peer_data(struct peer *p, uint32_t id, int flags, const char *text)
{
    peer_frame(p, DATA, flags, id, text, strlen(text));
}

static inline void peer_one_value(struct peer *p, int type, uint32_t id, uint32_t value)
{
    peer_head(p, 4, type, 0, id);
    peer_value(p, value, 4);
}

static inline void peer_goaway(struct peer *p, uint32_t last, uint32_t code)
{
    peer_head(p, 8, GOAWAY, 0, 0);
    peer_value(p, last, 4);
    peer_value(p, code, 4);
}

/* Lets it all arrive in pieces of `step` bytes. Returns what feed returned last. */
static inline int peer_feed_cut(struct peer *p, size_t step, uint64_t now_ns)
{
    int status = 0;
    for (size_t at = 0; at < p->in_bytes && status == 0; at += step) {
        const size_t left = p->in_bytes - at;
        const size_t n = left < step ? left : step;
        char *copy = malloc(n); /* so that a byte read beyond it is noticed */
        assert_non_null(copy);
        memcpy(copy, p->in + at, n);
        status = p->h->kind->feed(p->h, copy, n, now_ns);
        free(copy);
    }
    p->in_bytes = 0;
    return status;
}

static inline int peer_feed(struct peer *p)
{
    return peer_feed_cut(p, sizeof p->in, 1000);
}

/* What was written */

static inline void peer_write(struct peer *p)
{
    const char *bytes;
    size_t n;
    while ((n = p->h->kind->pending(p->h, &bytes)) > 0) {
        assert_true(p->out_bytes + n <= sizeof p->out);
        memcpy(p->out + p->out_bytes, bytes, n);
        p->out_bytes += n;
        p->h->kind->wrote(p->h, n);
    }
}

/* The next frame that was written; false: none. */
static inline bool peer_sent(struct peer *p, struct sent *frame)
{
    peer_write(p);
    if (p->out_at == p->out_bytes)
        return false;
    const unsigned char *at = p->out + p->out_at;
    assert_true(p->out_bytes - p->out_at >= 9);
    *frame = (struct sent){ .n_bytes = peer_number(at, 3),
                            .type = at[3],
                            .flags = at[4],
                            .id = peer_number(at + 5, 4),
                            .bytes = at + 9 };
    assert_true(p->out_bytes - p->out_at >= 9 + frame->n_bytes);
    p->out_at += 9 + frame->n_bytes;
    return true;
}

/* Skips frames until one of `type` for stream `id`. */
static inline struct sent peer_sent_of(struct peer *p, int type, uint32_t id)
{
    struct sent frame;
    while (peer_sent(p, &frame))
        if (frame.type == type && frame.id == id)
            return frame;
    fail_msg("no frame of type %d for stream %u was sent", type, id);
    return frame;
}

static inline void peer_forget_sent(struct peer *p)
{
    peer_write(p);
    p->out_at = p->out_bytes = 0;
}

/* Body bytes that were sent for a stream since the last time; `has_ended`: with END_STREAM. */
static inline size_t peer_sent_body(struct peer *p, uint32_t id, bool *has_ended)
{
    struct sent frame;
    size_t n = 0;
    *has_ended = false;
    while (peer_sent(p, &frame))
        if (frame.type == DATA && frame.id == id) {
            n += frame.n_bytes;
            *has_ended = frame.flags & END_STREAM;
        }
    return n;
}

/* Requests */

static inline int peer_submit_body(struct peer *p, int i, const char *method, const char *body,
                                   size_t body_bytes, bool is_lasting)
{
    const struct http2_field fields[] = {
        { ":method", method, 7, (uint32_t)strlen(method) },
        { ":scheme", "http", 7, 4 },
        { ":path", "/", 5, 1 },
        { ":authority", "a", 10, 1 },
    };
    const struct http2_request request = { .fields = fields,
                                           .n_fields = N_OF(fields),
                                           .body = body,
                                           .body_bytes = body_bytes,
                                           .is_lasting = is_lasting,
                                           .is_head = strcmp(method, "HEAD") == 0 };
    return p->h->kind->submit(p->h, &p->streams[i], &request);
}

static inline void peer_submit(struct peer *p, int i)
{
    assert_int_equal(peer_submit_body(p, i, "GET", NULL, 0, true), 0);
}

static inline void peer_submit_head(struct peer *p, int i)
{
    assert_int_equal(peer_submit_body(p, i, "HEAD", NULL, 0, true), 0);
}

/* The next ended stream: its index and how it ended. -1: none. */
static inline int peer_ended(struct peer *p, enum http2_end *end)
{
    struct http2_stream *stream = http2_take_ended(p->h);
    if (!stream)
        return -1;
    *end = stream->end;
    return (int)(stream - p->streams);
}

static inline void peer_expect_end(struct peer *p, int i, enum http2_end wanted)
{
    enum http2_end end = HTTP2_OPEN;
    assert_int_equal(peer_ended(p, &end), i);
    assert_int_equal(end, wanted);
}

static inline void peer_expect_done(struct peer *p, int i, uint16_t status)
{
    peer_expect_end(p, i, HTTP2_DONE);
    assert_int_equal(exchange_status(&p->streams[i].exchange), status);
    assert_true(p->streams[i].exchange.response.is_complete);
}

static inline void peer_expect_none(struct peer *p)
{
    enum http2_end end;
    assert_int_equal(peer_ended(p, &end), -1);
}

/* The connection is broken: a GOAWAY with an error was queued. */
static inline void peer_expect_broken(struct peer *p)
{
    assert_int_equal(peer_feed(p), -1);
    assert_non_null(p->h->cause);
    const struct sent goaway = peer_sent_of(p, GOAWAY, 0);
    assert_int_not_equal(peer_number(goaway.bytes + 4, 4), HTTP2_NO_ERROR);
}

/* Life */

#define PEER_PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

/* A connection for which nothing has arrived; behind the preface its first frames can be read. */
static inline struct peer *peer_new_bare(const struct http2_kind *kind, uint32_t window_bytes)
{
    struct peer *p = calloc(1, sizeof *p);
    const struct http2_options options = { .streams_most = PEER_STREAMS, .window_bytes = window_bytes };
    assert_non_null(p);
    p->h = calloc(1, kind->bytes);
    assert_non_null(p->h);
    memset(p->expect.status_ok, 0xff, sizeof p->expect.status_ok);
    for (int i = 0; i < PEER_STREAMS; i++)
        exchange_init(&p->streams[i].exchange, &p->expect, NULL, NULL);
    assert_int_equal(kind->init(p->h, &options), 0);
    p->h->kind = kind;
    assert_int_equal(kind->begin(p->h), 0);
    peer_write(p);
    p->out_at = sizeof PEER_PREFACE - 1;
    return p;
}

/* A connection behind the exchange of SETTINGS: nothing is unsent, the peer has set no limit. */
static inline struct peer *peer_new_with_window(void **state, uint32_t window_bytes)
{
    struct peer *p = peer_new_bare(*state, window_bytes);
    peer_settings(p, 0, NULL);
    peer_frame(p, SETTINGS, ACK, 0, NULL, 0);
    assert_int_equal(peer_feed(p), 0);
    peer_forget_sent(p);
    return p;
}

static inline struct peer *peer_new(void **state)
{
    return peer_new_with_window(state, (UINT32_C(1) << 30) - 1);
}

static inline void peer_free(struct peer *p)
{
    p->h->kind->drop(p->h);
    p->h->kind->fini(p->h);
    free(p->h);
    free(p);
}

/* Of each kind. */
#define PEER_TEST(test)                                                                                      \
    PEER_TEST_OF(test, "session", http2_session), PEER_TEST_OF(test, "frames", http2_frames)
#define PEER_TEST_OF(test, name, kind)                                                                       \
    {                                                                                                        \
#test " (" name ")", test, NULL, NULL, (void *)(uintptr_t)&kind                                      \
    }

#endif
