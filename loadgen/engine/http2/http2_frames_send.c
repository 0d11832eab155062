#include "http2_frames_parts.h"

#include <stdlib.h>
#include <string.h>

enum { OUT_FIRST_BYTES = 512 };

/* The written part is given up first: a peer that always takes less than is queued must not have the buffer
 * grow for ever. Only where it is the larger part, so that each byte is moved once on average. */
static void give_up_written(struct frames_out *out)
{
    const size_t n = out->end - out->at;
    if (out->at == 0 || out->at < n)
        return;
    memcpy(out->bytes, out->bytes + out->at, n);
    out->at = 0;
    out->end = n;
}

int frames_grow(struct frames *f, size_t n_bytes)
{
    struct frames_out *out = &f->out;
    give_up_written(out);
    if (out->room - out->end >= n_bytes)
        return 0;
    size_t room = out->room ? out->room : OUT_FIRST_BYTES;
    while (room - out->end < n_bytes)
        room *= 2;
    unsigned char *grown = realloc(out->bytes, room);
    if (!grown) {
        f->is_short = true;
        return -1;
    }
    out->bytes = grown;
    out->room = room;
    return 0;
}

void frames_queue(struct frames *f, enum wire_type type, uint8_t flags, uint32_t id, const void *payload,
                  uint32_t n_bytes)
{
    unsigned char *at = frames_reserve(f, WIRE_HEAD_BYTES + n_bytes);
    if (!at)
        return;
    at = wire_put_head(at, n_bytes, (uint8_t)type, flags, id);
    if (n_bytes > 0)
        memcpy(at, payload, n_bytes);
}

void frames_queue_word(struct frames *f, enum wire_type type, uint32_t id, uint32_t word)
{
    unsigned char payload[4];
    wire_put32(payload, word);
    frames_queue(f, type, 0, id, payload, sizeof payload);
}

static void hold_up(struct frames *f, struct http2_stream *stream, bool is_held_up)
{
    if (stream->is_held_up != is_held_up)
        f->http2.n_held_up += is_held_up ? 1 : UINT32_MAX;
    stream->is_held_up = is_held_up;
}

static size_t least(size_t a, int64_t b)
{
    return b <= 0 ? 0 : (int64_t)a < b ? a : (size_t)b;
}

/* Queues one DATA frame; false: nothing can be sent now. */
static bool send_data(struct frames *f, struct http2_stream *stream)
{
    size_t n = stream->body_bytes < WIRE_FRAME_MOST_BYTES ? stream->body_bytes : WIRE_FRAME_MOST_BYTES;
    n = least(least(n, f->send_window_bytes), stream->send_window_bytes);
    hold_up(f, stream, n == 0);
    if (n == 0 || f->out.end - f->out.at >= FRAMES_OUT_MOST_BYTES)
        return false;
    const bool is_last = n == stream->body_bytes;
    unsigned char *at = frames_reserve(f, WIRE_HEAD_BYTES + n);
    if (!at)
        return false;
    at = wire_put_head(at, (uint32_t)n, WIRE_DATA, is_last ? WIRE_END_STREAM : 0, stream->id);
    memcpy(at, stream->body, n);
    f->send_window_bytes -= (int64_t)n;
    stream->send_window_bytes -= (int64_t)n;
    stream->body += n;
    stream->body_bytes -= n;
    stream->is_sent = is_last;
    return true;
}

static void append(struct frames *f, struct http2_stream *stream)
{
    stream->after = NULL;
    if (f->senders_first)
        f->senders_last->after = stream;
    else
        f->senders_first = stream;
    f->senders_last = stream;
}

static struct http2_stream *take_first(struct frames *f)
{
    struct http2_stream *stream = f->senders_first;
    f->senders_first = stream->after;
    stream->after = NULL;
    return stream;
}

static void release(struct frames *f, struct http2_stream *stream)
{
    hold_up(f, stream, false);
    free(stream->kept);
    stream->kept = NULL;
    stream->body = NULL;
    stream->body_bytes = 0;
}

static void remove_sender(struct frames *f, struct http2_stream *stream)
{
    struct http2_stream *before = NULL;
    for (struct http2_stream *s = f->senders_first; s; before = s, s = s->after)
        if (s == stream) {
            if (before)
                before->after = s->after;
            else
                f->senders_first = s->after;
            if (f->senders_last == s)
                f->senders_last = before;
            return;
        }
}

void frames_forget_body(struct frames *f, struct http2_stream *stream)
{
    if (stream->body_bytes == 0)
        return;
    remove_sender(f, stream);
    release(f, stream);
}

int frames_add_sender(struct frames *f, struct http2_stream *stream, bool is_lasting)
{
    while (send_data(f, stream))
        if (stream->is_sent)
            return 0;
    if (!is_lasting) {
        stream->kept = malloc(stream->body_bytes);
        if (!stream->kept)
            return -1;
        stream->body = memcpy(stream->kept, stream->body, stream->body_bytes);
    }
    append(f, stream);
    f->may_send = true;
    return 0;
}

/* A frame of each in turn, until none can send. */
void frames_send_bodies(struct frames *f)
{
    uint32_t n_idle = 0, n = 0;
    if (!f->may_send)
        return;
    for (const struct http2_stream *s = f->senders_first; s; s = s->after)
        n++;
    while (n_idle < n && f->out.end - f->out.at < FRAMES_OUT_MOST_BYTES) {
        struct http2_stream *stream = take_first(f);
        n_idle = send_data(f, stream) ? 0 : n_idle + 1;
        if (stream->is_sent) {
            release(f, stream);
            n--;
        } else {
            append(f, stream);
        }
    }
    f->may_send = n_idle < n;
}
