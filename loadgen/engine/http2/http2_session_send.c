#include "http2_session_parts.h"

#include <stdlib.h>
#include <string.h>

enum { OUT_MOST_BYTES = 256 * 1024 }; /* no DATA is added beyond */

void http2_session_forget_body(struct http2_session *s, struct http2_stream *stream)
{
    for (struct http2_stream **at = &s->uploads; *at; at = &(*at)->after)
        if (*at == stream) {
            *at = stream->after;
            break;
        }
    if (stream->is_held_up)
        s->http2.n_held_up--;
    stream->is_held_up = false;
    stream->body = NULL;
    stream->body_bytes = 0;
    free(stream->kept);
    stream->kept = NULL;
}

ssize_t http2_session_on_body(nghttp2_session *nghttp2, int32_t id, uint8_t *out, size_t room,
                              uint32_t *flags, nghttp2_data_source *source, void *user)
{
    struct http2_session *s = user;
    struct http2_stream *stream = source->ptr;
    const size_t n = stream->body_bytes < room ? stream->body_bytes : room;
    (void)nghttp2;
    (void)id;
    s->has_sent_data = true;
    if (stream->is_held_up)
        s->http2.n_held_up--;
    stream->is_held_up = false;
    memcpy(out, stream->body, n);
    stream->body += n;
    stream->body_bytes -= n;
    if (stream->body_bytes == 0) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
        stream->is_sent = true;
        http2_session_forget_body(s, stream);
    }
    return (ssize_t)n;
}

/* Nothing more can be sent now: every body that is left waits for a window. */
static void note_held_up(struct http2_session *s)
{
    s->http2.n_held_up = 0;
    for (struct http2_stream *stream = s->uploads; stream; stream = stream->after) {
        stream->is_held_up = true;
        s->http2.n_held_up++;
    }
}

static int append(struct http2_session *s, const uint8_t *bytes, size_t n)
{
    if (s->out_at == s->out_bytes)
        s->out_at = s->out_bytes = 0;
    if (s->out_room - s->out_bytes < n) {
        const size_t room = s->out_bytes + n + OUT_MOST_BYTES / 8;
        char *grown = realloc(s->out, room);
        if (!grown)
            return -1;
        s->out = grown;
        s->out_room = room;
    }
    memcpy(s->out + s->out_bytes, bytes, n);
    s->out_bytes += n;
    return 0;
}

/* Takes what the session has queued. It sends control frames and HEADERS before DATA, so those never stay.
 */
int http2_session_drain(struct http2_session *s)
{
    const uint8_t *bytes;
    s->has_sent_data = false;
    while (!s->has_sent_data || s->out_bytes - s->out_at < OUT_MOST_BYTES) {
        const ssize_t n = nghttp2_session_mem_send(s->nghttp2, &bytes);
        if (n == 0) {
            note_held_up(s);
            return 0;
        }
        if (n < 0 || append(s, bytes, (size_t)n)) {
            s->http2.cause = "out of memory";
            return -1;
        }
    }
    return 0;
}

static int on_frame_sent(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *user)
{
    struct http2_session *s = user;
    (void)nghttp2;
    if (frame->hd.type == NGHTTP2_GOAWAY)
        s->has_sent_goaway = true;
    return 0;
}

void http2_session_set_send(nghttp2_session_callbacks *callbacks)
{
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_sent);
}
