#include "http2_frames_parts.h"

static int wrong_size(struct frames *f)
{
    return frames_break(f, HTTP2_FRAME_SIZE_ERROR, "a frame of a wrong length");
}

static int wrong_stream(struct frames *f)
{
    return frames_break(f, HTTP2_PROTOCOL_ERROR, "a frame on a stream on which it cannot be");
}

/* A peer that sends without reading must not fill the memory with acknowledgements. */
static int queue_ack(struct frames *f, enum wire_type type, const void *payload, uint32_t n_bytes)
{
    if (f->n_acks++ == FRAMES_ACKS_MOST)
        return frames_break(f, HTTP2_ENHANCE_YOUR_CALM, "1000 SETTINGS or PINGs at once");
    frames_queue(f, type, WIRE_ACK, 0, payload, n_bytes);
    return 0;
}

/* Windows of open streams follow, and may become negative (section 6.9.2). */
static int set_first_window(struct frames *f, uint32_t value)
{
    const int64_t more = (int64_t)value - f->peer_window_bytes;
    if (value > WIRE_WINDOW_MOST_BYTES)
        return frames_break(f, HTTP2_FLOW_CONTROL_ERROR, "SETTINGS with a window beyond 2^31-1");
    f->peer_window_bytes = value;
    f->may_send = true;
    if (more == 0)
        return 0;
    for (uint32_t i = 0; i < f->n_places; i++) {
        struct http2_stream *stream = f->places[i];
        if (!stream)
            continue;
        stream->send_window_bytes += more;
        if (stream->send_window_bytes > WIRE_WINDOW_MOST_BYTES)
            return frames_break(f, HTTP2_FLOW_CONTROL_ERROR, "a window grew beyond 2^31-1");
    }
    return 0;
}

/* A table smaller than HPACK's first size is not used at all, which the next block announces. */
static void set_table(struct frames *f, uint32_t value)
{
    if (value >= WIRE_TABLE_FIRST_BYTES || f->is_plain)
        return;
    f->is_plain = true;
    f->wants_table_update = true;
}

static int set(struct frames *f, uint32_t name, uint32_t value)
{
    switch (name) {
    case WIRE_HEADER_TABLE_SIZE:
        set_table(f, value);
        return 0;
    case WIRE_ENABLE_PUSH:
        return value ? frames_break(f, HTTP2_PROTOCOL_ERROR, "SETTINGS that enable push") : 0;
    case WIRE_MAX_CONCURRENT_STREAMS:
        f->http2.n_peer_most = value;
        return 0;
    case WIRE_INITIAL_WINDOW_SIZE:
        return set_first_window(f, value);
    case WIRE_MAX_FRAME_SIZE:
        return value < WIRE_FRAME_MOST_BYTES || value > 0xffffff
                   ? frames_break(f, HTTP2_PROTOCOL_ERROR, "SETTINGS with an invalid frame size")
                   : 0;
    default:
        return 0;
    }
}

static int on_settings_ack(struct frames *f)
{
    if (f->is_acked)
        return frames_break(f, HTTP2_PROTOCOL_ERROR, "an acknowledgement of SETTINGS that were not sent");
    f->is_acked = true;
    f->stream_window_bytes = f->options.window_bytes;
    return 0;
}

static int on_settings(struct frames *f, const unsigned char *payload, uint32_t n_bytes)
{
    if (f->head.id != 0)
        return wrong_stream(f);
    if (f->head.flags & WIRE_ACK)
        return n_bytes ? wrong_size(f) : on_settings_ack(f);
    if (n_bytes % 6 != 0)
        return wrong_size(f);
    if (!f->http2.has_settings)
        f->http2.n_peer_most = UINT32_MAX;
    f->http2.has_settings = true;
    for (uint32_t i = 0; i < n_bytes; i += 6)
        if (set(f, (uint32_t)payload[i] << 8 | payload[i + 1], wire_get32(payload + i + 2)))
            return -1;
    return queue_ack(f, WIRE_SETTINGS, NULL, 0);
}

static int on_ping(struct frames *f, const unsigned char *payload, uint32_t n_bytes)
{
    if (f->head.id != 0)
        return wrong_stream(f);
    if (n_bytes != 8)
        return wrong_size(f);
    return f->head.flags & WIRE_ACK ? 0 : queue_ack(f, WIRE_PING, payload, n_bytes);
}

/* The peer has not acted on streams above the last one (section 6.8). */
static int on_goaway(struct frames *f, const unsigned char *payload, uint32_t n_bytes)
{
    if (f->head.id != 0)
        return wrong_stream(f);
    if (n_bytes < 8)
        return wrong_size(f);
    const uint32_t last = wire_get31(payload);
    if (last > f->last_id || (last > 0 && last % 2 == 0))
        return frames_break(f, HTTP2_PROTOCOL_ERROR, "GOAWAY with a wrong last stream");
    f->last_id = last;
    f->http2.is_going_away = true;
    f->http2.n_goaways++;
    f->http2.goaway_code = wire_get32(payload + 4);
    for (uint32_t i = 0; i < f->n_places && f->http2.n_open > 0; i++) { /* the oldest first */
        struct http2_stream *stream = f->places[((f->next_id >> 1) + i) & (f->n_places - 1)];
        if (stream && stream->id > last)
            frames_end(f, stream, HTTP2_UNPROCESSED);
    }
    return 0;
}

static int on_reset(struct frames *f, const unsigned char *payload, uint32_t n_bytes)
{
    if (frames_is_idle(f, f->head.id))
        return wrong_stream(f);
    if (n_bytes != 4)
        return wrong_size(f);
    struct http2_stream *stream = frames_find(f, f->head.id);
    if (!stream)
        return 0;
    stream->code = wire_get32(payload);
    frames_end(f, stream, stream->code == HTTP2_REFUSED_STREAM ? HTTP2_REFUSED : HTTP2_RESET);
    return 0;
}

static int no_update(struct frames *f)
{
    return frames_break(f, HTTP2_PROTOCOL_ERROR, "WINDOW_UPDATE by 0");
}

static int widen_connection(struct frames *f, uint32_t more)
{
    if (more == 0)
        return no_update(f);
    f->send_window_bytes += more;
    return f->send_window_bytes > WIRE_WINDOW_MOST_BYTES
               ? frames_break(f, HTTP2_FLOW_CONTROL_ERROR, "a window grew beyond 2^31-1")
               : 0;
}

static int widen_stream(struct frames *f, uint32_t more)
{
    if (frames_is_idle(f, f->head.id))
        return wrong_stream(f);
    struct http2_stream *stream = frames_find(f, f->head.id);
    if (!stream)
        return 0;
    if (more == 0)
        return no_update(f);
    stream->send_window_bytes += more;
    if (stream->send_window_bytes > WIRE_WINDOW_MOST_BYTES)
        frames_malformed(f, stream, HTTP2_FLOW_CONTROL_ERROR, "a window grew beyond 2^31-1");
    return 0;
}

static int on_window_update(struct frames *f, const unsigned char *payload, uint32_t n_bytes)
{
    if (n_bytes != 4)
        return wrong_size(f);
    const uint32_t more = wire_get31(payload);
    f->may_send = true;
    return f->head.id == 0 ? widen_connection(f, more) : widen_stream(f, more);
}

int frames_on_control(struct frames *f, const unsigned char *payload, uint32_t n_bytes)
{
    switch (f->head.type) {
    case WIRE_PRIORITY:
        return f->head.id == 0 ? wrong_stream(f) : n_bytes != 5 ? wrong_size(f) : 0;
    case WIRE_RST_STREAM:
        return on_reset(f, payload, n_bytes);
    case WIRE_SETTINGS:
        return on_settings(f, payload, n_bytes);
    case WIRE_PUSH_PROMISE:
        return frames_break(f, HTTP2_PROTOCOL_ERROR, "PUSH_PROMISE, though push is disabled");
    case WIRE_PING:
        return on_ping(f, payload, n_bytes);
    case WIRE_GOAWAY:
        return on_goaway(f, payload, n_bytes);
    case WIRE_WINDOW_UPDATE:
        return on_window_update(f, payload, n_bytes);
    case WIRE_CONTINUATION:
        return frames_break(f, HTTP2_PROTOCOL_ERROR, "CONTINUATION outside a header block");
    default:
        return 0; /* unknown frames are ignored (section 5.5) */
    }
}
