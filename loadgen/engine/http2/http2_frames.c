#include "http2_frames_parts.h"
#include "http2_hpack.h"
#include "http2_prepared.h"

#include <stdlib.h>
#include <string.h>

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

static int frames_init(struct http2 *h, const struct http2_options *options)
{
    struct frames *f = frames_of(h);
    uint32_t n_places = 4;
    while (n_places < 4 * options->streams_most)
        n_places *= 2;
    memset(f, 0, sizeof *f);
    f->http2.kind = &http2_frames;
    f->options = *options;
    f->n_places = n_places;
    f->places = calloc(n_places, sizeof *f->places);
    return f->places ? 0 : -1;
}

static void frames_drop(struct http2 *h)
{
    struct frames *f = frames_of(h);
    for (uint32_t i = 0; i < f->n_places && h->n_open > 0; i++) {
        struct http2_stream *stream = f->places[i];
        if (!stream)
            continue;
        f->places[i] = NULL;
        stream->id = 0;
        frames_forget_body(f, stream);
        h->n_open--;
    }
    while (http2_take_ended(h))
        continue;
}

static void frames_fini(struct http2 *h)
{
    struct frames *f = frames_of(h);
    frames_drop(h);
    if (f->inflater)
        nghttp2_hd_inflate_del(f->inflater);
    free(f->places);
    free(f->out.bytes);
    free(f->payload);
    free(f->block.bytes);
}

/* A new connection begins with an empty table. */
static int renew_inflater(struct frames *f)
{
    if (f->inflater)
        nghttp2_hd_inflate_del(f->inflater);
    f->inflater = NULL;
    return nghttp2_hd_inflate_new(&f->inflater);
}

static void queue_preface(struct frames *f)
{
    unsigned char settings[12] = { 0, WIRE_ENABLE_PUSH, 0, 0, 0, 0, 0, WIRE_INITIAL_WINDOW_SIZE };
    unsigned char *at = frames_reserve(f, sizeof preface - 1);
    if (!at)
        return;
    memcpy(at, preface, sizeof preface - 1);
    wire_put32(settings + 8, f->options.window_bytes);
    frames_queue(f, WIRE_SETTINGS, 0, 0, settings, sizeof settings);
    if (f->window_bytes > WIRE_WINDOW_FIRST_BYTES)
        frames_queue_word(f, WIRE_WINDOW_UPDATE, 0, f->window_bytes - WIRE_WINDOW_FIRST_BYTES);
}

static uint32_t at_least_first(uint32_t window_bytes)
{
    return window_bytes > WIRE_WINDOW_FIRST_BYTES ? window_bytes : WIRE_WINDOW_FIRST_BYTES;
}

static int frames_begin(struct http2 *h)
{
    struct frames *f = frames_of(h);
    frames_drop(h);
    *h = (struct http2){ .kind = &http2_frames, .n_peer_most = HTTP2_STREAMS_UNTIL_SETTINGS };
    f->out.at = f->out.end = 0;
    f->next_id = 1;
    f->last_id = FRAMES_ID_MOST;
    f->n_head_bytes = 0;
    f->data.is_open = false;
    f->block.id = 0;
    f->unpaused = NULL;
    http2_known_begin(&f->known);
    f->received_bytes = 0;
    f->window_bytes = f->stream_window_bytes = at_least_first(f->options.window_bytes);
    f->senders_first = NULL;
    f->send_window_bytes = f->peer_window_bytes = WIRE_WINDOW_FIRST_BYTES;
    f->indexed = NULL;
    f->n_acks = 0;
    f->may_send = f->is_plain = f->wants_table_update = false;
    f->has_first_frame = f->is_acked = f->is_short = false;
    if (renew_inflater(f))
        return -1;
    queue_preface(f);
    return f->is_short ? -1 : 0;
}

/* A place may still belong to an older stream: that id is left out (gaps are allowed, section 5.1.1). */
static uint32_t next_id(struct frames *f)
{
    while (f->places[(f->next_id >> 1) & (f->n_places - 1)])
        f->next_id += 2;
    return f->next_id;
}

static const struct http2_prepared_block *choose(const struct frames *f, const struct http2_prepared *p)
{
    if (f->is_plain || (f->indexed && f->indexed != p->set))
        return &p->plain;
    return f->indexed ? &p->next : &p->first;
}

/* Puts the frames' heads into a block that stands WIRE_HEAD_BYTES behind `at`; one of more than 16 KiB goes
 * on in CONTINUATION frames. Room for these heads was reserved. */
static unsigned char *put_heads(unsigned char *at, size_t n_bytes, uint32_t id, uint8_t flags)
{
    uint8_t type = WIRE_HEADERS;
    while (n_bytes > WIRE_FRAME_MOST_BYTES) {
        wire_put_head(at, WIRE_FRAME_MOST_BYTES, type, flags, id);
        at += WIRE_HEAD_BYTES + WIRE_FRAME_MOST_BYTES;
        n_bytes -= WIRE_FRAME_MOST_BYTES;
        memmove(at + WIRE_HEAD_BYTES, at, n_bytes);
        type = WIRE_CONTINUATION;
        flags = 0;
    }
    wire_put_head(at, (uint32_t)n_bytes, type, flags | WIRE_END_HEADERS, id);
    return at + WIRE_HEAD_BYTES + n_bytes;
}

static int queue_prepared(struct frames *f, uint32_t id, const struct http2_request *request)
{
    const struct http2_prepared_block *block = choose(f, request->prepared);
    const size_t n_bytes = block->n_bytes;
    const uint8_t flags = WIRE_END_HEADERS | (request->body_bytes ? 0 : WIRE_END_STREAM);
    unsigned char *at = frames_reserve(f, WIRE_HEAD_BYTES + n_bytes);
    if (!at)
        return -1;
    memcpy(wire_put_head(at, (uint32_t)n_bytes, WIRE_HEADERS, flags, id), block->bytes, n_bytes);
    if (!f->indexed && !f->is_plain)
        f->indexed = request->prepared->set;
    return 0;
}

static unsigned char *put_block(struct frames *f, unsigned char *at, const struct http2_request *request)
{
    if (f->wants_table_update)
        at = hpack_put_size(at, 0);
    f->wants_table_update = false;
    for (size_t i = 0; i < request->n_fields; i++)
        at = hpack_put_field(at, &request->fields[i]);
    return at;
}

/* Of a request that is not prepared, or is too long for a frame, or is the first one after the peer's table
 * became smaller. */
static int queue_encoded(struct frames *f, uint32_t id, const struct http2_request *request)
{
    const size_t most_bytes = hpack_most_bytes(request);
    const size_t n_frames = 1 + most_bytes / WIRE_FRAME_MOST_BYTES;
    unsigned char *at = frames_reserve(f, most_bytes + n_frames * WIRE_HEAD_BYTES);
    if (!at)
        return -1;
    const unsigned char *end = put_block(f, at + WIRE_HEAD_BYTES, request);
    const size_t n_bytes = (size_t)(end - at) - WIRE_HEAD_BYTES;
    end = put_heads(at, n_bytes, id, request->body_bytes ? 0 : WIRE_END_STREAM);
    f->out.end = (size_t)(end - f->out.bytes);
    return 0;
}

static int queue_headers(struct frames *f, uint32_t id, const struct http2_request *request)
{
    const struct http2_prepared *p = request->prepared;
    return p && !f->wants_table_update && p->plain.n_bytes <= WIRE_FRAME_MOST_BYTES / 2
               ? queue_prepared(f, id, request)
               : queue_encoded(f, id, request);
}

static int frames_submit(struct http2 *h, struct http2_stream *stream, const struct http2_request *request)
{
    struct frames *f = frames_of(h);
    const uint32_t id = next_id(f);
    if (queue_headers(f, id, request))
        return -1;
    f->places[(id >> 1) & (f->n_places - 1)] = stream;
    f->next_id = id + 2;
    h->is_used_up = f->next_id > FRAMES_ID_MOST - 2 * f->n_places;
    h->n_open++;
    exchange_begin(&stream->exchange, request->is_head);
    stream->id = id;
    stream->code = 0;
    stream->end = HTTP2_OPEN;
    stream->after = NULL;
    stream->body = request->body;
    stream->body_bytes = request->body_bytes;
    stream->kept = NULL;
    stream->send_window_bytes = f->peer_window_bytes;
    stream->received_bytes = 0;
    stream->has_interim = false;
    stream->is_held_up = false;
    stream->is_sent = request->body_bytes == 0;
    if (request->body_bytes > 0 && frames_add_sender(f, stream, request->is_lasting)) {
        stream->body_bytes = 0;
        f->is_short = true;
    }
    return 0;
}

static void frames_cancel(struct http2 *h, struct http2_stream *stream)
{
    struct frames *f = frames_of(h);
    frames_queue_word(f, WIRE_RST_STREAM, stream->id, HTTP2_CANCEL);
    f->places[(stream->id >> 1) & (f->n_places - 1)] = NULL;
    frames_forget_body(f, stream);
    stream->id = 0;
    h->n_open--;
}

static size_t frames_pending(struct http2 *h, const char **bytes)
{
    struct frames *f = frames_of(h);
    if (f->senders_first && !h->cause)
        frames_send_bodies(f);
    *bytes = (const char *)f->out.bytes + f->out.at;
    return f->out.end - f->out.at;
}

static void frames_wrote(struct http2 *h, size_t n_bytes)
{
    struct frames *f = frames_of(h);
    struct frames_out *out = &f->out;
    out->at += n_bytes;
    if (out->at == out->end) {
        out->at = out->end = 0;
        f->n_acks = 0;
        return;
    }
    /* During an upload some is always left; as much as the peer reads, it may have acknowledged anew. */
    const size_t n_acks = n_bytes / FRAMES_ACK_BYTES;
    f->n_acks -= n_acks < f->n_acks ? (uint32_t)n_acks : f->n_acks;
}

static void frames_say_goodbye(struct http2 *h)
{
    frames_go_away(frames_of(h), HTTP2_NO_ERROR);
}

const struct http2_kind http2_frames = {
    .name = "frames",
    .bytes = sizeof(struct frames),
    .init = frames_init,
    .fini = frames_fini,
    .begin = frames_begin,
    .submit = frames_submit,
    .cancel = frames_cancel,
    .feed = frames_feed,
    .pending = frames_pending,
    .wrote = frames_wrote,
    .say_goodbye = frames_say_goodbye,
    .drop = frames_drop,
};
