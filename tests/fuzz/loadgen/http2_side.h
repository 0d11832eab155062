/* One of the two connections that are compared: it takes requests and bytes, and remembers how its streams
 * ended. */
#ifndef FUZZ_HTTP2_SIDE_H
#define FUZZ_HTTP2_SIDE_H

#include "http2.h"
#include "http2_prepared.h"
#include "http2_reader.h"

#include <string.h>

/* IDS_MOST: until then http2_frames leaves no id out, so that both kinds use the same. */
enum { STREAMS = 16, STREAMS_MOST = 64, IDS_MOST = 255, FRAMES_MOST_BYTES = 1 << 16, WINDOW_BYTES = 70000 };

/* A connection of one kind, and how its streams ended. */
struct side {
    struct http2 *h;
    struct http2_stream streams[STREAMS];
    bool is_open[STREAMS];
    struct last_end {
        unsigned n; /* how many there were */
        enum http2_end end;
        uint32_t code;
        uint16_t status;
        uint64_t body_bytes;
        enum outcome outcome;
    } ends[STREAMS];
    int status;                      /* of feed */
    struct http2_prepared *prepared; /* may be NULL */
    bool mixes;                      /* only every other stream's request is prepared */
    struct reader *reader;
};

static inline void side_begin(struct side *s, const struct http2_kind *kind, const struct plan_expect *x,
                              struct reader *reader, const struct sieve *granted)
{
    const struct http2_options options = { .streams_most = STREAMS_MOST, .window_bytes = WINDOW_BYTES };
    *s = (struct side){ .h = calloc(1, kind->bytes) };
    FUZZ_HOLDS(s->h && kind->init(s->h, &options) == 0);
    s->h->kind = kind;
    FUZZ_HOLDS(kind->begin(s->h) == 0);
    s->reader = reader;
    reader_begin(reader, granted);
    for (int i = 0; i < STREAMS; i++)
        exchange_init(&s->streams[i].exchange, x, NULL, NULL);
}

static inline void side_finish(struct side *s)
{
    s->h->kind->drop(s->h);
    s->h->kind->fini(s->h);
    free(s->h);
    reader_end(s->reader);
    http2_prepared_free(s->prepared, 2);
}

/* Of requests with either method. */
static const struct http2_field side_fields[2][4] = {
    { { ":method", "POST", 7, 4 },
      { ":scheme", "http", 7, 4 },
      { ":path", "/a", 5, 2 },
      { "x-any", "b", 5, 1 } },
    { { ":method", "HEAD", 7, 4 },
      { ":scheme", "http", 7, 4 },
      { ":path", "/a", 5, 2 },
      { "x-any", "b", 5, 1 } },
};
static const char *const side_fields_read[] = { ":method", "POST",  ":scheme", "http", ":path",
                                                "/a",      "x-any", "b",       NULL };

static inline void side_submit(struct side *s, int i, bool is_head, const char *body, size_t body_bytes)
{
    const bool is_prepared = s->prepared && !(s->mixes && i % 2);
    const struct http2_request request = { .fields = side_fields[is_head],
                                           .n_fields = 4,
                                           .body = body,
                                           .body_bytes = body_bytes,
                                           .is_head = is_head,
                                           .prepared = is_prepared ? &s->prepared[is_head] : NULL };
    FUZZ_HOLDS(s->h->kind->submit(s->h, &s->streams[i], &request) == 0);
    s->is_open[i] = true;
}

static inline void side_take_ends(struct side *s)
{
    struct http2_stream *stream;
    while ((stream = http2_take_ended(s->h))) {
        const size_t i = (size_t)(stream - s->streams);
        const struct exchange *x = &stream->exchange;
        FUZZ_HOLDS(i < STREAMS && s->is_open[i]);
        FUZZ_HOLDS((stream->end == HTTP2_DONE) == x->response.is_complete);
        FUZZ_HOLDS((stream->end == HTTP2_MALFORMED) == (x->response.cause != NULL));
        s->is_open[i] = false;
        const bool is_done = stream->end == HTTP2_DONE;
        s->ends[i] = (struct last_end){ .n = s->ends[i].n + 1,
                                        .end = stream->end,
                                        .code = stream->end == HTTP2_RESET ? stream->code : 0,
                                        .status = is_done ? exchange_status(x) : 0,
                                        .body_bytes = is_done ? x->response.body_bytes : 0,
                                        .outcome = is_done ? exchange_outcome(x) : OUTCOME_OK };
    }
}

static inline void side_feed(struct side *s, const uint8_t *data, size_t n, size_t step)
{
    for (size_t at = 0; at < n && s->status == 0; at += step) {
        const size_t part = n - at < step ? n - at : step;
        char *copy = malloc(part); /* so that a byte read beyond it is noticed */
        FUZZ_HOLDS(copy != NULL);
        memcpy(copy, data + at, part);
        s->status = s->h->kind->feed(s->h, copy, part, 1000);
        free(copy);
    }
    FUZZ_HOLDS((s->status != 0) == (s->h->cause != NULL));
    side_take_ends(s);
}

static inline void side_write_all(struct side *s)
{
    const char *bytes;
    size_t n;
    while ((n = s->h->kind->pending(s->h, &bytes)) > 0) {
        n = n > 1000 ? 1000 : n;
        reader_take(s->reader, bytes, n, side_fields_read);
        s->h->kind->wrote(s->h, n);
    }
}

static inline struct http2_prepared *side_prepare(void)
{
    const struct http2_request requests[] = { { .fields = side_fields[0], .n_fields = 4 },
                                              { .fields = side_fields[1], .n_fields = 4 } };
    struct http2_prepared *prepared = http2_prepare(requests, 2);
    FUZZ_HOLDS(prepared != NULL);
    return prepared;
}

#endif
