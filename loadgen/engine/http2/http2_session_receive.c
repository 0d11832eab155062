#include "http2_session_parts.h"

enum { FIELD_OVERHEAD_BYTES = 32 }; /* for the limit of a block (RFC 9113 section 6.5.2) */

static struct http2_stream *stream_of(nghttp2_session *nghttp2, int32_t id)
{
    return id ? nghttp2_session_get_stream_user_data(nghttp2, id) : NULL;
}

static void end_stream(struct http2_session *s, struct http2_stream *stream, enum http2_end end)
{
    nghttp2_session_set_stream_user_data(s->nghttp2, (int32_t)stream->id, NULL);
    http2_session_forget_body(s, stream);
    s->http2.n_open--;
    stream->id = 0;
    http2_note_ended(&s->http2, stream, end);
}

/* The response is complete. What is left of the request's body is of no use (RFC 9113 section 8.1). */
static int complete(struct http2_session *s, struct http2_stream *stream)
{
    const int32_t id = (int32_t)stream->id;
    const bool is_sent = stream->is_sent;
    response_complete(&stream->exchange.response);
    end_stream(s, stream, HTTP2_DONE);
    return is_sent ? 0 : nghttp2_submit_rst_stream(s->nghttp2, NGHTTP2_FLAG_NONE, id, NGHTTP2_NO_ERROR);
}

static void malformed(struct http2_session *s, struct http2_stream *stream, const char *cause)
{
    response_broken(&stream->exchange.response, cause);
    end_stream(s, stream, HTTP2_MALFORMED);
}

static void reset(struct http2_session *s, struct http2_stream *stream, uint32_t code)
{
    stream->code = code;
    end_stream(s, stream, code == HTTP2_REFUSED_STREAM ? HTTP2_REFUSED : HTTP2_RESET);
}

/* nghttp2 closes streams above the last one of a GOAWAY, and those whose peer broke a rule. */
static int on_closed(nghttp2_session *nghttp2, int32_t id, uint32_t code, void *user)
{
    struct http2_session *s = user;
    struct http2_stream *stream = stream_of(nghttp2, id);
    (void)code;
    if (!stream)
        return 0;
    if ((uint32_t)id > s->last_id)
        end_stream(s, stream, HTTP2_UNPROCESSED);
    else
        malformed(s, stream, "the response breaks the rules of HTTP/2");
    return 0;
}

static int on_begin_head(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *user)
{
    struct http2_session *s = user;
    (void)nghttp2;
    (void)frame;
    s->block_bytes = 0;
    s->is_final = false;
    return 0;
}

/* nghttp2 has checked that there are three digits. */
static int take_status(struct http2_session *s, struct http2_stream *stream, const uint8_t *value)
{
    const int32_t id = (int32_t)stream->id;
    const unsigned status = (value[0] - '0') * 100u + (value[1] - '0') * 10u + (value[2] - '0');
    if (status < 100) {
        malformed(s, stream, ":status is less than 100");
        return nghttp2_submit_rst_stream(s->nghttp2, NGHTTP2_FLAG_NONE, id, NGHTTP2_PROTOCOL_ERROR);
    }
    s->is_final = status / 100 != 1;
    if (s->is_final) {
        stream->exchange.first_ns = s->now_ns;
        response_start(&stream->exchange.response, status);
    }
    return 0;
}

static int on_field(nghttp2_session *nghttp2, const nghttp2_frame *frame, const uint8_t *name,
                    size_t name_bytes, const uint8_t *value, size_t value_bytes, uint8_t flags, void *user)
{
    struct http2_session *s = user;
    struct http2_stream *stream = stream_of(nghttp2, frame->hd.stream_id);
    (void)flags;
    s->block_bytes += name_bytes + value_bytes + FIELD_OVERHEAD_BYTES;
    if (s->block_bytes > HTTP2_BLOCK_MOST_BYTES) {
        s->http2.cause = "headers longer than 256 KiB";
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
    if (!stream)
        return 0;
    struct response *r = &stream->exchange.response;
    if (name[0] == ':')
        return take_status(s, stream, value);
    if (s->is_final && response_wants_fields(r))
        response_field(r, (const char *)name, name_bytes, (const char *)value, value_bytes);
    return 0;
}

/* nghttp2 would ignore the field. */
static int on_invalid_field(nghttp2_session *nghttp2, const nghttp2_frame *frame, const uint8_t *name,
                            size_t name_bytes, const uint8_t *value, size_t value_bytes, uint8_t flags,
                            void *user)
{
    (void)nghttp2;
    (void)frame;
    (void)name;
    (void)name_bytes;
    (void)value;
    (void)value_bytes;
    (void)flags;
    (void)user;
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

static void take_body(struct response *r, const char *data, size_t n)
{
    response_body(r, data, n);
    response_pause(r);
}

static int on_data(nghttp2_session *nghttp2, uint8_t flags, int32_t id, const uint8_t *data, size_t n,
                   void *user)
{
    struct http2_stream *stream = stream_of(nghttp2, id);
    (void)flags;
    (void)user;
    if (stream)
        take_body(&stream->exchange.response, (const char *)data, n);
    return 0;
}

static int on_headers_frame(struct http2_session *s, const nghttp2_frame *frame, struct http2_stream *stream)
{
    if (s->is_final)
        response_head_end(&stream->exchange.response);
    return frame->hd.flags & NGHTTP2_FLAG_END_STREAM ? complete(s, stream) : 0;
}

static void on_settings(struct http2_session *s)
{
    struct http2 *h = &s->http2;
    h->n_peer_most = nghttp2_session_get_remote_settings(s->nghttp2, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
    h->has_settings = true;
}

static void on_goaway(struct http2_session *s, const nghttp2_goaway *goaway)
{
    struct http2 *h = &s->http2;
    h->is_going_away = true;
    h->n_goaways++;
    h->goaway_code = goaway->error_code;
    s->last_id = (uint32_t)goaway->last_stream_id;
}

static int on_frame(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *user)
{
    struct http2_session *s = user;
    struct http2_stream *stream = stream_of(nghttp2, frame->hd.stream_id);
    switch (frame->hd.type) {
    case NGHTTP2_HEADERS:
        return stream ? on_headers_frame(s, frame, stream) : 0;
    case NGHTTP2_DATA:
        return stream && frame->hd.flags & NGHTTP2_FLAG_END_STREAM ? complete(s, stream) : 0;
    case NGHTTP2_RST_STREAM:
        if (stream)
            reset(s, stream, frame->rst_stream.error_code);
        return 0;
    case NGHTTP2_SETTINGS:
        if (!(frame->hd.flags & NGHTTP2_FLAG_ACK))
            on_settings(s);
        return 0;
    case NGHTTP2_GOAWAY:
        on_goaway(s, &frame->goaway);
        return 0;
    default:
        return 0;
    }
}

static int on_invalid_frame(nghttp2_session *nghttp2, const nghttp2_frame *frame, int error, void *user)
{
    struct http2_session *s = user;
    struct http2_stream *stream = stream_of(nghttp2, frame->hd.stream_id);
    if (stream && (error == NGHTTP2_ERR_HTTP_HEADER || error == NGHTTP2_ERR_HTTP_MESSAGING))
        malformed(s, stream,
                  error == NGHTTP2_ERR_HTTP_HEADER ? "malformed header field"
                                                   : "headers or body break the rules of HTTP/2");
    return 0;
}

void http2_session_set_receive(nghttp2_session_callbacks *c)
{
    nghttp2_session_callbacks_set_on_begin_headers_callback(c, on_begin_head);
    nghttp2_session_callbacks_set_on_header_callback(c, on_field);
    nghttp2_session_callbacks_set_on_invalid_header_callback(c, on_invalid_field);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(c, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(c, on_frame);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(c, on_invalid_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(c, on_closed);
}
