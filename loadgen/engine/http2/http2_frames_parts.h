/* What the files of http2_frames share: http2_frames.c (life, streams), http2_frames_receive.c (bytes into
 * frames, over the files below), http2_frames_data.c (bodies and receive windows), http2_frames_head.c
 * (header blocks), http2_frames_control.c (the other frames), http2_frames_end.c (how streams and the
 * connection end), http2_frames_send.c (the output). Everything that is to be written goes into one buffer at
 * once, except bodies beyond a window or OUT_MOST_BYTES. */
#ifndef ENGINE_HTTP2_FRAMES_PARTS_H
#define ENGINE_HTTP2_FRAMES_PARTS_H

#include "http2.h"
#include "http2_known.h"
#include "http2_wire.h"

#include <nghttp2/nghttp2.h>

enum {
    FRAMES_OUT_MOST_BYTES = 64 * 1024, /* no DATA is queued beyond */
    FRAMES_ACKS_MOST = 1000,           /* that are queued at once; more is an attack */
    FRAMES_ACK_BYTES = 17,             /* of a PING, the longer one */
    FRAMES_CONTINUATIONS_MOST = 8,
    FRAMES_ID_MOST = 0x7fffffff,
};

struct frames_out {
    unsigned char *bytes; /* owned */
    size_t at, end, room; /* written, filled, allocated */
};

/* The DATA frame that arrives; bodies are not collected. */
struct frames_data {
    uint32_t id;
    uint32_t left_bytes; /* of the body */
    uint32_t pad_bytes;  /* still to come behind it */
    bool is_open;
    bool wants_pad; /* the byte with the length of the padding has not arrived */
    bool is_last;   /* END_STREAM */
};

/* A header block that is not complete. */
struct frames_block {
    unsigned char *bytes; /* owned */
    size_t n_bytes, room;
    uint32_t id; /* 0: none is open */
    uint32_t n_continuations;
    bool is_last; /* END_STREAM */
};

struct frames {
    struct http2 http2; /* the first member */
    struct http2_options options;
    struct http2_stream **places; /* by id / 2, 4 for each stream; owned */
    uint32_t n_places;            /* a power of two */
    uint32_t next_id;
    uint32_t last_id; /* that the peer acts on */
    uint64_t now_ns;
    struct frames_out out;
    /* receiving */
    struct wire_head head; /* of the frame that arrives */
    unsigned char head_bytes[WIRE_HEAD_BYTES];
    uint32_t n_head_bytes;  /* there; 0: between two frames */
    unsigned char *payload; /* of a frame that arrives in pieces, owned; NULL: none */
    uint32_t n_payload_bytes, payload_room;
    struct frames_data data;
    struct frames_block block;
    struct http2_stream *unpaused; /* whose body lies in the bytes being fed; NULL: none */
    nghttp2_hd_inflater *inflater; /* owned */
    struct http2_known known;
    uint64_t received_bytes;      /* not yet returned to the connection's window */
    uint32_t window_bytes;        /* of the connection */
    uint32_t stream_window_bytes; /* that a peer may fill: more than asked until it has acked the SETTINGS */
    /* sending */
    struct http2_stream *senders_first, *senders_last; /* whose body is not sent, by `after` */
    int64_t send_window_bytes;
    int64_t peer_window_bytes; /* with which a stream begins */
    const void *indexed;       /* the prepared requests whose fields are in the peer's table */
    uint32_t n_acks;           /* queued, at most */
    bool may_send;             /* more of the bodies than when it was last tried */
    bool is_plain;             /* nothing may be indexed: the peer's table is too small */
    bool wants_table_update;   /* the next block announces that */
    bool has_first_frame;
    bool is_acked; /* our SETTINGS */
    bool is_short; /* of memory */
};

static inline struct frames *frames_of(struct http2 *h)
{
    return (struct frames *)h;
}

/* The open stream of that id; NULL: it has ended, or was never opened. */
static inline struct http2_stream *frames_find(const struct frames *f, uint32_t id)
{
    struct http2_stream *stream = f->places[(id >> 1) & (f->n_places - 1)];
    return stream && stream->id == id ? stream : NULL;
}

/* No such stream was opened: nothing may arrive for it. */
static inline bool frames_is_idle(const struct frames *f, uint32_t id)
{
    return (id & 1) == 0 || id >= f->next_id;
}

/* http2_frames_end.c: ends the stream and appends it to the ended ones. */
void frames_end(struct frames *f, struct http2_stream *stream, enum http2_end end);
/* Its response is complete. What is left of the request's body is not sent. */
void frames_complete(struct frames *f, struct http2_stream *stream);
/* The stream breaks a rule: it is reset. `cause` is a constant string. */
void frames_malformed(struct frames *f, struct http2_stream *stream, enum http2_code code, const char *cause);
/* Queues a GOAWAY: the peer has opened no streams, so that its last one is 0. */
void frames_go_away(struct frames *f, enum http2_code code);
/* The connection breaks a rule: a GOAWAY is queued. Returns -1. */
int frames_break(struct frames *f, enum http2_code code, const char *cause);

/* http2_frames_data.c: the head of a DATA frame has arrived. Takes what has arrived of the rest, and advances
 * `*at`. -1: the connection is broken. */
int frames_begin_data(struct frames *f, const char **at, const char *end);
/* Takes more of it. */
int frames_take_data(struct frames *f, const char **at, const char *end);

/* http2_frames_head.c: a whole frame each. -1: the connection is broken. */
int frames_on_headers(struct frames *f, const unsigned char *payload, uint32_t n_bytes);
int frames_on_continuation(struct frames *f, const unsigned char *payload, uint32_t n_bytes);

/* http2_frames_control.c: every other frame. -1: the connection is broken. */
int frames_on_control(struct frames *f, const unsigned char *payload, uint32_t n_bytes);

/* http2_frames_send.c: makes the output longer. -1 when memory is short. */
int frames_grow(struct frames *f, size_t n_bytes);
/* Room for so many bytes at the end of the output, which must be filled; NULL: memory is short. */
static inline unsigned char *frames_reserve(struct frames *f, size_t n_bytes)
{
    struct frames_out *out = &f->out;
    if (__builtin_expect(out->room - out->end < n_bytes, 0) && frames_grow(f, n_bytes))
        return NULL;
    unsigned char *at = out->bytes + out->end;
    out->end += n_bytes;
    return at;
}
/* Queues a frame. */
void frames_queue(struct frames *f, enum wire_type type, uint8_t flags, uint32_t id, const void *payload,
                  uint32_t n_bytes);
void frames_queue_word(struct frames *f, enum wire_type type, uint32_t id, uint32_t word);
/* The stream's body is to be sent: queues what can be. -1 when memory is short. */
int frames_add_sender(struct frames *f, struct http2_stream *stream, bool is_lasting);
/* The rest of the stream's body will not be sent. */
void frames_forget_body(struct frames *f, struct http2_stream *stream);
/* Queues as much of the bodies as the windows allow. */
void frames_send_bodies(struct frames *f);

/* http2_frames_receive.c: the kind's function. */
int frames_feed(struct http2 *h, const char *data, size_t length_bytes, uint64_t now_ns);

#endif
