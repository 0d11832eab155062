#include "http2_frames_parts.h"

#include <stdlib.h>
#include <string.h>

static const char no_http2[] = "the answer is not HTTP/2";

/* The first frame must be SETTINGS (section 3.4); other protocols are named. */
static int check_first(struct frames *f, const unsigned char *bytes)
{
    f->has_first_frame = true;
    if (memcmp(bytes, "HTTP/", 5) == 0)
        return frames_break(f, HTTP2_PROTOCOL_ERROR,
                            "the answer is HTTP/1.1: this port does not take HTTP/2");
    if ((bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 3)
        return frames_break(f, HTTP2_PROTOCOL_ERROR, "the answer is TLS: does this port want https?");
    if (f->head.type != WIRE_SETTINGS || f->head.flags & WIRE_ACK)
        return frames_break(f, HTTP2_PROTOCOL_ERROR, no_http2);
    return 0;
}

static int check_head_closely(struct frames *f, const unsigned char *bytes)
{
    if (!f->has_first_frame && check_first(f, bytes))
        return -1;
    if (f->head.length_bytes > WIRE_FRAME_MOST_BYTES)
        return frames_break(f, HTTP2_FRAME_SIZE_ERROR, "a frame longer than 16 KiB");
    if (f->block.id && (f->head.type != WIRE_CONTINUATION || f->head.id != f->block.id))
        return frames_break(f, HTTP2_PROTOCOL_ERROR, "another frame within a header block");
    return 0;
}

static inline int check_head(struct frames *f, const unsigned char *bytes)
{
    const bool is_usual =
        f->has_first_frame && f->block.id == 0 && f->head.length_bytes <= WIRE_FRAME_MOST_BYTES;
    return __builtin_expect(is_usual, 1) ? 0 : check_head_closely(f, bytes);
}

static int on_frame(struct frames *f, const unsigned char *payload)
{
    f->n_head_bytes = 0;
    if (f->head.type == WIRE_HEADERS)
        return frames_on_headers(f, payload, f->head.length_bytes);
    if (f->head.type == WIRE_CONTINUATION && f->block.id)
        return frames_on_continuation(f, payload, f->head.length_bytes);
    return frames_on_control(f, payload, f->head.length_bytes);
}

static int begin_data(struct frames *f, const char **at, const char *end)
{
    f->n_head_bytes = 0;
    return frames_begin_data(f, at, end);
}

static int keep_payload(struct frames *f, const char **at, const char *end)
{
    const uint32_t left = f->head.length_bytes - f->n_payload_bytes;
    const size_t there = (size_t)(end - *at);
    const uint32_t n = there < left ? (uint32_t)there : left;
    if (f->head.length_bytes > f->payload_room) {
        free(f->payload);
        f->payload = malloc(f->head.length_bytes);
        f->payload_room = f->payload ? f->head.length_bytes : 0;
        if (!f->payload)
            return frames_break(f, HTTP2_INTERNAL_ERROR, "out of memory");
    }
    if (n > 0)
        memcpy(f->payload + f->n_payload_bytes, *at, n);
    f->n_payload_bytes += n;
    *at += n;
    return n == left ? on_frame(f, f->payload) : 0;
}

/* Of a frame that arrives in pieces. */
static int feed_piece(struct frames *f, const char **at, const char *end)
{
    if (f->n_head_bytes == WIRE_HEAD_BYTES)
        return keep_payload(f, at, end);
    while (f->n_head_bytes < WIRE_HEAD_BYTES && *at < end)
        f->head_bytes[f->n_head_bytes++] = (unsigned char)*(*at)++;
    if (f->n_head_bytes < WIRE_HEAD_BYTES)
        return 0;
    f->head = wire_get_head(f->head_bytes);
    f->n_payload_bytes = 0;
    if (check_head(f, f->head_bytes))
        return -1;
    if (f->head.type == WIRE_DATA)
        return begin_data(f, at, end);
    return f->head.length_bytes == 0 ? on_frame(f, f->head_bytes) : 0;
}

/* A frame from its first byte on. */
static int feed_whole(struct frames *f, const char **at, const char *end)
{
    const unsigned char *bytes = (const unsigned char *)*at;
    const size_t there = (size_t)(end - *at);
    if (there < WIRE_HEAD_BYTES)
        return feed_piece(f, at, end);
    f->head = wire_get_head(bytes);
    if (f->head.type != WIRE_DATA && there - WIRE_HEAD_BYTES < f->head.length_bytes)
        return feed_piece(f, at, end);
    if (check_head(f, bytes))
        return -1;
    *at += WIRE_HEAD_BYTES;
    if (f->head.type == WIRE_DATA)
        return begin_data(f, at, end);
    *at += f->head.length_bytes;
    return on_frame(f, bytes + WIRE_HEAD_BYTES);
}

static int feed_next(struct frames *f, const char **at, const char *end)
{
    if (f->data.is_open)
        return frames_take_data(f, at, end);
    return f->n_head_bytes > 0 ? feed_piece(f, at, end) : feed_whole(f, at, end);
}

int frames_feed(struct http2 *h, const char *data, size_t length_bytes, uint64_t now_ns)
{
    struct frames *f = frames_of(h);
    const char *at = data;
    const char *end = data + length_bytes;
    f->now_ns = now_ns;
    while (!h->cause && at < end)
        if (feed_next(f, &at, end))
            break;
    if (f->unpaused)
        response_pause(&f->unpaused->exchange.response);
    f->unpaused = NULL;
    if (f->senders_first && !h->cause)
        frames_send_bodies(f);
    if (f->is_short && !h->cause)
        frames_break(f, HTTP2_INTERNAL_ERROR, "out of memory");
    return h->cause ? -1 : 0;
}
