/* What the files of http2_session share. What nghttp2 queues is taken from it at once into a buffer, so that
 * requests and resets never wait within it, and none is submitted after a GOAWAY that has arrived. */
#ifndef ENGINE_HTTP2_SESSION_PARTS_H
#define ENGINE_HTTP2_SESSION_PARTS_H

#include "http2.h"

#include <nghttp2/nghttp2.h>
#include <sys/types.h>

struct http2_session {
    struct http2 http2; /* the first member */
    struct http2_options options;
    nghttp2_session *nghttp2;
    nghttp2_session_callbacks *callbacks;
    nghttp2_option *option;
    char *out;
    size_t out_at, out_bytes, out_room; /* written, filled, allocated */
    struct http2_stream *uploads;       /* whose body is not sent, by `after` */
    uint64_t now_ns;
    uint32_t last_id;     /* of a GOAWAY; UINT32_MAX: none has come */
    size_t block_bytes;   /* of the header block that arrives */
    bool is_final;        /* that block is the head of a response, not an interim one or trailers */
    bool has_sent_data;   /* since the last drain began */
    bool has_sent_goaway; /* the connection is broken */
};

static inline struct http2_session *http2_session_of(struct http2 *h)
{
    return (struct http2_session *)h;
}

/* The callbacks of nghttp2 that take what arrives. */
void http2_session_set_receive(nghttp2_session_callbacks *callbacks);
/* Those that note what is sent. */
void http2_session_set_send(nghttp2_session_callbacks *callbacks);

/* Reads a request's body for nghttp2; the source is its stream. */
ssize_t http2_session_on_body(nghttp2_session *nghttp2, int32_t id, uint8_t *out, size_t room,
                              uint32_t *flags, nghttp2_data_source *source, void *user);
/* Takes what nghttp2 has queued: all but DATA beyond a limit. -1 when memory is short. */
int http2_session_drain(struct http2_session *s);
/* The rest of the stream's body will not be sent. */
void http2_session_forget_body(struct http2_session *s, struct http2_stream *stream);

#endif
