#include "http2_session_parts.h"

#include <stdlib.h>
#include <string.h>

static void fini(struct http2 *h)
{
    struct http2_session *s = http2_session_of(h);
    h->kind->drop(h);
    nghttp2_session_callbacks_del(s->callbacks);
    nghttp2_option_del(s->option);
    free(s->out);
}

static int init(struct http2 *h, const struct http2_options *options)
{
    struct http2_session *s = http2_session_of(h);
    *s = (struct http2_session){ .http2.kind = &http2_session, .options = *options };
    if (nghttp2_session_callbacks_new(&s->callbacks))
        return -1;
    if (nghttp2_option_new(&s->option)) {
        nghttp2_session_callbacks_del(s->callbacks);
        return -1;
    }
    http2_session_set_receive(s->callbacks);
    http2_session_set_send(s->callbacks);
    nghttp2_option_set_peer_max_concurrent_streams(s->option, HTTP2_STREAMS_UNTIL_SETTINGS);
    return 0;
}

static int begin(struct http2 *h)
{
    struct http2_session *s = http2_session_of(h);
    const nghttp2_settings_entry settings[] = {
        { NGHTTP2_SETTINGS_ENABLE_PUSH, 0 },
        { NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, s->options.window_bytes },
    };
    const int32_t window_bytes = (int32_t)s->options.window_bytes;
    h->kind->drop(h);
    *h = (struct http2){ .kind = h->kind, .n_peer_most = HTTP2_STREAMS_UNTIL_SETTINGS };
    s->has_sent_goaway = false;
    s->last_id = UINT32_MAX;
    if (nghttp2_session_client_new2(&s->nghttp2, s->callbacks, s, s->option))
        return -1;
    const size_t n_settings = sizeof settings / sizeof *settings;
    if (nghttp2_submit_settings(s->nghttp2, NGHTTP2_FLAG_NONE, settings, n_settings) ||
        nghttp2_session_set_local_window_size(s->nghttp2, NGHTTP2_FLAG_NONE, 0, window_bytes))
        return -1;
    return http2_session_drain(s);
}

static nghttp2_nv field(const struct http2_field *f)
{
    return (nghttp2_nv){ .name = (uint8_t *)(uintptr_t)f->name,
                         .value = (uint8_t *)(uintptr_t)f->value,
                         .namelen = f->name_bytes,
                         .valuelen = f->value_bytes,
                         .flags = NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE };
}

static int32_t submit_fields(struct http2_session *s, struct http2_stream *stream,
                             const struct http2_request *request)
{
    nghttp2_nv fields[HTTP2_FIELDS_MOST];
    const nghttp2_data_provider body = { .source.ptr = stream, .read_callback = http2_session_on_body };
    for (size_t i = 0; i < request->n_fields; i++)
        fields[i] = field(&request->fields[i]);
    return nghttp2_submit_request(s->nghttp2, NULL, fields, request->n_fields,
                                  request->body_bytes ? &body : NULL, stream);
}

/* A copy of what could not be queued at once. */
static int keep_body(struct http2_stream *stream)
{
    stream->kept = malloc(stream->body_bytes);
    if (!stream->kept)
        return -1;
    memcpy(stream->kept, stream->body, stream->body_bytes);
    stream->body = stream->kept;
    return 0;
}

static int submit(struct http2 *h, struct http2_stream *stream, const struct http2_request *request)
{
    struct http2_session *s = http2_session_of(h);
    stream->end = HTTP2_OPEN;
    stream->code = 0;
    stream->body = request->body;
    stream->body_bytes = request->body_bytes;
    stream->kept = NULL;
    stream->is_held_up = false;
    stream->is_sent = request->body_bytes == 0;
    const int32_t id = submit_fields(s, stream, request);
    if (id < 0)
        return -1;
    exchange_begin(&stream->exchange, request->is_head);
    stream->id = (uint32_t)id;
    h->n_open++;
    h->is_used_up = id == INT32_MAX;
    if (stream->body_bytes > 0) {
        stream->after = s->uploads;
        s->uploads = stream;
    }
    if (http2_session_drain(s))
        return 0; /* the next feed says so */
    if (stream->body_bytes > 0 && !request->is_lasting && keep_body(stream))
        h->cause = "out of memory";
    return 0;
}

static void cancel(struct http2 *h, struct http2_stream *stream)
{
    struct http2_session *s = http2_session_of(h);
    const int32_t id = (int32_t)stream->id;
    nghttp2_session_set_stream_user_data(s->nghttp2, id, NULL);
    http2_session_forget_body(s, stream);
    stream->id = 0;
    h->n_open--;
    if (nghttp2_submit_rst_stream(s->nghttp2, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL) ||
        http2_session_drain(s))
        h->cause = "out of memory";
}

static int feed(struct http2 *h, const char *data, size_t length_bytes, uint64_t now_ns)
{
    struct http2_session *s = http2_session_of(h);
    s->now_ns = now_ns;
    if (h->cause)
        return -1;
    const ssize_t n = nghttp2_session_mem_recv(s->nghttp2, (const uint8_t *)data, length_bytes);
    if (n < 0)
        nghttp2_session_terminate_session(s->nghttp2, n == NGHTTP2_ERR_CALLBACK_FAILURE
                                                          ? NGHTTP2_ENHANCE_YOUR_CALM
                                                          : NGHTTP2_PROTOCOL_ERROR);
    const int status = http2_session_drain(s);
    if (!h->cause && (n < 0 || s->has_sent_goaway))
        h->cause = "the server breaks the rules of HTTP/2";
    return status || h->cause ? -1 : 0;
}

static size_t pending(struct http2 *h, const char **bytes)
{
    struct http2_session *s = http2_session_of(h);
    if (s->out_at == s->out_bytes && s->uploads)
        http2_session_drain(s);
    *bytes = s->out + s->out_at;
    return s->out_bytes - s->out_at;
}

static void wrote(struct http2 *h, size_t n_bytes)
{
    http2_session_of(h)->out_at += n_bytes;
}

static void say_goodbye(struct http2 *h)
{
    struct http2_session *s = http2_session_of(h);
    if (nghttp2_submit_goaway(s->nghttp2, NGHTTP2_FLAG_NONE, 0, NGHTTP2_NO_ERROR, NULL, 0) ||
        http2_session_drain(s))
        h->cause = "out of memory";
}

static void drop(struct http2 *h)
{
    struct http2_session *s = http2_session_of(h);
    while (s->uploads)
        http2_session_forget_body(s, s->uploads);
    nghttp2_session_del(s->nghttp2);
    s->nghttp2 = NULL;
    s->out_at = s->out_bytes = 0;
    h->ended_first = h->ended_last = NULL;
    h->n_open = 0;
}

const struct http2_kind http2_session = {
    .name = "nghttp2",
    .bytes = sizeof(struct http2_session),
    .init = init,
    .fini = fini,
    .begin = begin,
    .submit = submit,
    .cancel = cancel,
    .feed = feed,
    .pending = pending,
    .wrote = wrote,
    .say_goodbye = say_goodbye,
    .drop = drop,
};
