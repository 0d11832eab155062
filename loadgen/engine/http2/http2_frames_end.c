#include "http2_frames_parts.h"

void frames_end(struct frames *f, struct http2_stream *stream, enum http2_end end)
{
    f->places[(stream->id >> 1) & (f->n_places - 1)] = NULL;
    if (stream->body_bytes > 0)
        frames_forget_body(f, stream);
    if (f->unpaused == stream)
        f->unpaused = NULL;
    stream->id = 0;
    f->http2.n_open--;
    http2_note_ended(&f->http2, stream, end);
}

void frames_complete(struct frames *f, struct http2_stream *stream)
{
    struct response *r = &stream->exchange.response;
    if (stream->length_bytes != UINT64_MAX && stream->length_bytes != r->body_bytes && !r->is_head &&
        !response_is_bodiless(r->status)) {
        frames_malformed(f, stream, HTTP2_PROTOCOL_ERROR, "the body is shorter than its content-length");
        return;
    }
    response_complete(r);
    if (!stream->is_sent)
        frames_queue_word(f, WIRE_RST_STREAM, stream->id, HTTP2_NO_ERROR);
    frames_end(f, stream, HTTP2_DONE);
}

void frames_malformed(struct frames *f, struct http2_stream *stream, enum http2_code code, const char *cause)
{
    response_broken(&stream->exchange.response, cause);
    frames_queue_word(f, WIRE_RST_STREAM, stream->id, code);
    frames_end(f, stream, HTTP2_MALFORMED);
}

void frames_go_away(struct frames *f, enum http2_code code)
{
    unsigned char payload[8] = { 0 };
    wire_put32(payload + 4, code);
    frames_queue(f, WIRE_GOAWAY, 0, 0, payload, sizeof payload);
}

int frames_break(struct frames *f, enum http2_code code, const char *cause)
{
    frames_go_away(f, code);
    f->http2.cause = cause;
    f->http2.broken_by = f->head.id;
    return -1;
}
