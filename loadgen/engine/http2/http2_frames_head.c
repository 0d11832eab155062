#include "http2_frames_parts.h"

#include "http2_head.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIELD_OVERHEAD_BYTES = 32,        /* for the limit of a block (RFC 9113 section 6.5.2) */
    LONG_FIELD_BYTES = 65536 * 5 / 8, /* the shortest code of a value that nghttp2 finds too long */
};

/* A header block as it is decoded. */
struct reading {
    struct http2_stream *stream; /* NULL: it has ended; the block is decoded for the table alone */
    struct http2_head head;
    size_t n_bytes; /* decoded */
    bool is_last;
};

static struct http2_known_reader reader_of(const struct http2_stream *stream)
{
    const struct response *r = &stream->exchange.response;
    return (struct http2_known_reader){ .expect = r->expect, .look = r->answer ? r->answer->look : NULL };
}

/* The response's head is complete. */
static void begin_body(struct frames *f, struct http2_stream *stream, uint64_t length_bytes, bool is_last)
{
    const struct response *r = &stream->exchange.response;
    stream->exchange.first_ns = f->now_ns;
    stream->length_bytes = r->is_head || response_is_bodiless(r->status) ? 0 : length_bytes;
    if (is_last)
        frames_complete(f, stream);
}

static void take_known(struct frames *f, struct http2_stream *stream, const struct http2_known_block *b,
                       bool is_last)
{
    struct response *r = &stream->exchange.response;
    response_known_head(r, b->status, b->coding);
    r->headers.seen = b->seen;
    r->headers.is_used = b->is_used;
    r->headers.is_balancers = b->is_balancers;
    begin_body(f, stream, b->length_bytes, is_last);
}

static void take_field(struct reading *reading, const nghttp2_nv *field)
{
    struct response *r = &reading->stream->exchange.response;
    if (field->name[0] != ':') {
        if (response_wants_fields(r))
            response_field(r, (const char *)field->name, field->namelen, (const char *)field->value,
                           field->valuelen);
    } else if (!http2_head_is_interim(&reading->head)) {
        response_start(r, reading->head.status);
    }
}

static int on_field(struct frames *f, struct reading *reading, const nghttp2_nv *field)
{
    reading->n_bytes += field->namelen + field->valuelen + FIELD_OVERHEAD_BYTES;
    if (reading->n_bytes > HTTP2_BLOCK_MOST_BYTES)
        return frames_break(f, HTTP2_ENHANCE_YOUR_CALM, "headers longer than 256 KiB");
    if (!reading->stream)
        return 0;
    const char *cause = http2_head_field(&reading->head, field);
    if (cause) {
        frames_malformed(f, reading->stream, HTTP2_PROTOCOL_ERROR, cause);
        reading->stream = NULL;
    } else if (!reading->head.is_trailers && !http2_head_is_interim(&reading->head)) {
        take_field(reading, field);
    }
    return 0;
}

/* nghttp2 does not tell what is wrong from what is beyond its limit. */
static int break_undecoded(struct frames *f, size_t n_bytes)
{
    return frames_break(f, HTTP2_COMPRESSION_ERROR,
                        n_bytes > LONG_FIELD_BYTES
                            ? "a header block with a field longer than 64 KiB, or that cannot be decoded"
                            : "a header block that cannot be decoded");
}

static int decode(struct frames *f, struct reading *reading, const unsigned char *at, size_t n_bytes)
{
    const size_t block_bytes = n_bytes;
    for (;;) {
        nghttp2_nv field;
        int flags = 0;
        const ssize_t n = nghttp2_hd_inflate_hd2(f->inflater, &field, &flags, at, n_bytes, 1);
        if (n < 0)
            return break_undecoded(f, block_bytes);
        at += n;
        n_bytes -= (size_t)n;
        if (flags & NGHTTP2_HD_INFLATE_EMIT && on_field(f, reading, &field))
            return -1;
        if (flags & NGHTTP2_HD_INFLATE_FINAL)
            return nghttp2_hd_inflate_end_headers(f->inflater);
    }
}

/* Keeps what the response learned, if an equal block teaches the next one the same. */
static void remember(struct http2_known_block *b, const struct reading *reading)
{
    const struct response *r = &reading->stream->exchange.response;
    if (r->answer && !answer_is_knowable(r->answer)) {
        http2_known_forget(b);
        return;
    }
    b->status = r->status;
    b->length_bytes = reading->head.length_bytes;
    b->coding = response_coding(r);
    b->seen = r->headers.seen;
    b->is_used = r->headers.is_used;
    b->is_balancers = r->headers.is_balancers;
}

/* The block is decoded; its stream is NULL when it was malformed, or had ended. */
static void finish(struct frames *f, const struct reading *reading, struct http2_known_block *kept)
{
    struct http2_stream *stream = reading->stream;
    const char *cause = stream ? http2_head_end(&reading->head, reading->is_last) : NULL;
    const bool is_final = !reading->head.is_trailers && !http2_head_is_interim(&reading->head);
    if (cause)
        frames_malformed(f, stream, HTTP2_PROTOCOL_ERROR, cause);
    if (kept && (!stream || cause || !is_final))
        http2_known_forget(kept);
    if (!stream || cause)
        return;
    if (reading->head.is_trailers) {
        stream->length_bytes = reading->head.length_bytes;
        frames_complete(f, stream);
        return;
    }
    stream->has_interim = !is_final;
    if (!is_final)
        return;
    response_head_end(&stream->exchange.response);
    if (kept)
        remember(kept, reading);
    begin_body(f, stream, reading->head.length_bytes, reading->is_last);
}

static int on_block(struct frames *f, uint32_t id, const unsigned char *block, size_t n_bytes, bool is_last)
{
    struct http2_stream *stream = frames_find(f, id);
    const struct response *r = stream ? &stream->exchange.response : NULL;
    const bool is_first = r && r->status == 0;
    const struct http2_known_reader reader =
        stream ? reader_of(stream) : (struct http2_known_reader){ .expect = NULL };
    if (is_first) {
        const struct http2_known_block *known = http2_known_find(&f->known, block, n_bytes, &reader);
        if (known) {
            take_known(f, stream, known, is_last);
            return 0;
        }
    }
    struct reading reading = { .stream = stream,
                               .head = !r || is_first ? http2_head_begin()
                                                      : http2_head_trailers(r->status, stream->length_bytes),
                               .is_last = is_last };
    if (http2_known_catch_up(&f->known, f->inflater))
        return frames_break(f, HTTP2_COMPRESSION_ERROR, "a header block that cannot be decoded");
    if (decode(f, &reading, block, n_bytes))
        return -1;
    finish(f, &reading, http2_known_note(&f->known, block, n_bytes, &reader));
    return 0;
}

static int keep_fragment(struct frames *f, const unsigned char *at, uint32_t n_bytes)
{
    struct frames_block *b = &f->block;
    if (b->n_bytes + n_bytes > HTTP2_BLOCK_MOST_BYTES)
        return frames_break(f, HTTP2_ENHANCE_YOUR_CALM, "headers longer than 256 KiB");
    if (!b->bytes || b->n_bytes + n_bytes > b->room) {
        const size_t room = b->n_bytes + n_bytes + WIRE_FRAME_MOST_BYTES;
        unsigned char *grown = realloc(b->bytes, room);
        if (!grown)
            return frames_break(f, HTTP2_INTERNAL_ERROR, "out of memory");
        b->bytes = grown;
        b->room = room;
    }
    if (n_bytes > 0)
        memcpy(b->bytes + b->n_bytes, at, n_bytes);
    b->n_bytes += n_bytes;
    return 0;
}

/* Takes the padding and the priority off the payload. */
static int strip(struct frames *f, const unsigned char **payload, uint32_t *n_bytes)
{
    if ((f->head.flags & (WIRE_PADDED | WIRE_WITH_PRIORITY)) == 0)
        return 0;
    const bool is_padded = f->head.flags & WIRE_PADDED;
    const uint32_t priority_bytes = f->head.flags & WIRE_WITH_PRIORITY ? 5 : 0;
    const uint32_t before = is_padded + priority_bytes;
    if (*n_bytes < before)
        return frames_break(f, HTTP2_FRAME_SIZE_ERROR, "HEADERS that are too short");
    const uint32_t behind = is_padded ? **payload : 0;
    if (*n_bytes - before < behind)
        return frames_break(f, HTTP2_PROTOCOL_ERROR, "padding longer than its frame");
    *payload += before;
    *n_bytes -= before + behind;
    return 0;
}

int frames_on_headers(struct frames *f, const unsigned char *payload, uint32_t n_bytes)
{
    const bool is_last = f->head.flags & WIRE_END_STREAM;
    if (frames_is_idle(f, f->head.id))
        return frames_break(f, HTTP2_PROTOCOL_ERROR, "HEADERS on a stream that was never opened");
    if (strip(f, &payload, &n_bytes))
        return -1;
    if (f->head.flags & WIRE_END_HEADERS)
        return on_block(f, f->head.id, payload, n_bytes, is_last);
    f->block.id = f->head.id;
    f->block.is_last = is_last;
    f->block.n_bytes = 0;
    f->block.n_continuations = 0;
    return keep_fragment(f, payload, n_bytes);
}

int frames_on_continuation(struct frames *f, const unsigned char *payload, uint32_t n_bytes)
{
    struct frames_block *b = &f->block;
    if (b->n_continuations++ == FRAMES_CONTINUATIONS_MOST)
        return frames_break(f, HTTP2_ENHANCE_YOUR_CALM, "a header block in more than 9 frames");
    if (keep_fragment(f, payload, n_bytes))
        return -1;
    if ((f->head.flags & WIRE_END_HEADERS) == 0)
        return 0;
    const uint32_t id = b->id;
    b->id = 0;
    return on_block(f, id, b->bytes, b->n_bytes, b->is_last);
}
