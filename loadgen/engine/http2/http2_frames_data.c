#include "http2_frames_parts.h"

/* Returns a window's bytes when half of it is used, 0: not yet. */
static uint32_t due_bytes(uint64_t received_bytes, uint32_t window_bytes)
{
    return received_bytes > 0 && received_bytes >= (window_bytes + 1) / 2 ? (uint32_t)received_bytes : 0;
}

/* Frames count whole, padding and all, and also those of streams that have ended. */
static int count_connection(struct frames *f, uint32_t n_bytes)
{
    f->received_bytes += n_bytes;
    if (f->received_bytes > f->window_bytes)
        return frames_break(f, HTTP2_FLOW_CONTROL_ERROR, "more bytes than the connection's window allows");
    const uint32_t due = due_bytes(f->received_bytes, f->window_bytes);
    if (due) {
        frames_queue_word(f, WIRE_WINDOW_UPDATE, 0, due);
        f->received_bytes = 0;
    }
    return 0;
}

static int count_stream(struct frames *f, struct http2_stream *stream, uint32_t n_bytes, bool is_last)
{
    stream->received_bytes += n_bytes;
    if (stream->received_bytes > f->stream_window_bytes)
        return frames_break(f, HTTP2_FLOW_CONTROL_ERROR, "more bytes than the stream's window allows");
    const uint32_t due = is_last ? 0 : due_bytes(stream->received_bytes, f->options.window_bytes);
    if (due) {
        frames_queue_word(f, WIRE_WINDOW_UPDATE, stream->id, due);
        stream->received_bytes = 0;
    }
    return 0;
}

/* False: the stream has ended, as malformed. */
static bool take_body(struct frames *f, struct http2_stream *stream, const char *at, uint32_t n_bytes)
{
    struct response *r = &stream->exchange.response;
    if (stream->length_bytes - r->body_bytes < n_bytes) {
        frames_malformed(f, stream, HTTP2_PROTOCOL_ERROR,
                         response_is_bodiless(r->status) || r->is_head
                             ? "a body where there can be none"
                             : "the body is longer than its content-length");
        return false;
    }
    if (r->answer && f->unpaused != stream) {
        if (f->unpaused)
            response_pause(&f->unpaused->exchange.response);
        f->unpaused = stream;
    }
    response_body(r, at, n_bytes);
    return true;
}

static int take_pad_length(struct frames *f, const char **at)
{
    struct frames_data *d = &f->data;
    const uint8_t pad_bytes = (uint8_t) * (*at)++;
    if (pad_bytes > d->left_bytes)
        return frames_break(f, HTTP2_PROTOCOL_ERROR, "padding longer than its frame");
    d->pad_bytes = pad_bytes;
    d->left_bytes -= pad_bytes;
    d->wants_pad = false;
    return 0;
}

static uint32_t take(const char **at, const char *end, uint32_t most)
{
    const size_t there = (size_t)(end - *at);
    const uint32_t n = there < most ? (uint32_t)there : most;
    *at += n;
    return n;
}

/* `stream`: that of the frame, if it is open. */
static int take_rest(struct frames *f, struct http2_stream *stream, const char **at, const char *end)
{
    struct frames_data *d = &f->data;
    if (d->wants_pad && *at < end && take_pad_length(f, at))
        return -1;
    if (d->wants_pad)
        return 0;
    const char *body = *at;
    const uint32_t n = take(at, end, d->left_bytes);
    d->left_bytes -= n;
    if (stream && n > 0 && !take_body(f, stream, body, n))
        stream = NULL;
    d->pad_bytes -= take(at, end, d->pad_bytes);
    if (d->left_bytes + d->pad_bytes > 0)
        return 0;
    d->is_open = false;
    if (d->is_last && stream)
        frames_complete(f, stream);
    return 0;
}

static const char before_head[] = "DATA before the response's HEADERS";

int frames_begin_data(struct frames *f, const char **at, const char *end)
{
    const struct wire_head *head = &f->head;
    const bool is_padded = head->flags & WIRE_PADDED;
    if (frames_is_idle(f, head->id))
        return frames_break(f, HTTP2_PROTOCOL_ERROR, "DATA on a stream that was never opened");
    if (is_padded && head->length_bytes == 0)
        return frames_break(f, HTTP2_FRAME_SIZE_ERROR, "DATA with padding that is too short");
    if (count_connection(f, head->length_bytes))
        return -1;
    struct http2_stream *stream = frames_find(f, head->id);
    if (stream && stream->exchange.response.status == 0) {
        if (!stream->has_interim)
            return frames_break(f, HTTP2_PROTOCOL_ERROR, before_head);
        frames_malformed(f, stream, HTTP2_PROTOCOL_ERROR, before_head);
        stream = NULL;
    }
    const bool is_last = head->flags & WIRE_END_STREAM;
    if (stream && count_stream(f, stream, head->length_bytes, is_last))
        return -1;
    f->data = (struct frames_data){ .id = head->id,
                                    .left_bytes = head->length_bytes - is_padded,
                                    .wants_pad = is_padded,
                                    .is_last = is_last,
                                    .is_open = true };
    return take_rest(f, stream, at, end);
}

int frames_take_data(struct frames *f, const char **at, const char *end)
{
    return take_rest(f, frames_find(f, f->data.id), at, end);
}
