/* One HTTP/2 connection without I/O (RFC 9113): requests and received bytes go in, bytes to write and ended
 * streams come out. There are no callbacks: the connection feeds what it has read and then takes the streams
 * that ended, each with its response and how it ended. Two kinds implement it: http2_frames (own frames,
 * nghttp2's HPACK), which runs use, and http2_session (nghttp2's session), against which the tests check it.
 * Used by one thread. Hot path. */
#ifndef ENGINE_HTTP2_H
#define ENGINE_HTTP2_H

#include "exchange.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HTTP2_STREAMS_UNTIL_SETTINGS = 100,  /* that are opened before the peer has said how many it allows */
    HTTP2_STREAMS_MOST = 65536,          /* per connection, that a plan may ask for */
    HTTP2_FIELDS_MOST = 128,             /* of a request */
    HTTP2_BLOCK_MOST_BYTES = 256 * 1024, /* decoded header block of a response; more is a protocol error */
};

/* Error codes (RFC 9113 section 7). */
enum http2_code {
    HTTP2_NO_ERROR,
    HTTP2_PROTOCOL_ERROR,
    HTTP2_INTERNAL_ERROR,
    HTTP2_FLOW_CONTROL_ERROR,
    HTTP2_SETTINGS_TIMEOUT,
    HTTP2_STREAM_CLOSED,
    HTTP2_FRAME_SIZE_ERROR,
    HTTP2_REFUSED_STREAM,
    HTTP2_CANCEL,
    HTTP2_COMPRESSION_ERROR,
    HTTP2_CONNECT_ERROR,
    HTTP2_ENHANCE_YOUR_CALM,
    HTTP2_INADEQUATE_SECURITY,
    HTTP2_HTTP_1_1_REQUIRED,
    HTTP2_N_CODES,
};

/* How a stream ended. */
enum http2_end {
    HTTP2_OPEN,        /* it has not */
    HTTP2_DONE,        /* its response is complete */
    HTTP2_UNPROCESSED, /* above the last stream of a GOAWAY: the peer has not acted on it (section 8.7) */
    HTTP2_REFUSED,     /* REFUSED_STREAM: the same */
    HTTP2_RESET,       /* another RST_STREAM before the response was complete; see `code` */
    HTTP2_MALFORMED, /* the response is (section 8.1.1); its exchange has the cause. A RST_STREAM is queued */
};

/* A field of a request. The name is in lower case; pseudo-header fields come first. All borrowed. */
struct http2_field {
    const char *name, *value;
    uint32_t name_bytes, value_bytes;
};

struct http2_prepared; /* what a kind has made of a request before the run, so that sending it encodes nothing
                        */

/* A request as fields and body. */
struct http2_request {
    const struct http2_field *fields;
    size_t n_fields;
    const char *body;
    size_t body_bytes;
    bool is_lasting; /* its bytes outlive the stream; else what cannot be queued at once is copied */
    bool is_head;
    const struct http2_prepared *prepared; /* may be NULL; then it is encoded anew each time */
};

/* A request under way. Embedded in what the connection keeps of it; zeroed at first. */
struct http2_stream {
    struct exchange exchange; /* initialized by the owner; begun by submit */
    uint32_t id;              /* 0: not open */
    uint32_t code;            /* of HTTP2_RESET */
    enum http2_end end;
    struct http2_stream *after; /* in the list of ended streams, or of those held up by a window */
    const char *body;           /* what is left to send of the request's body */
    size_t body_bytes;
    char *kept; /* the copy that `body` points into, owned; NULL: it is borrowed */
    int64_t send_window_bytes;
    uint64_t length_bytes;   /* the response's content-length; UINT64_MAX: none */
    uint32_t received_bytes; /* of the response, not yet returned to the stream's window */
    bool has_interim;        /* a 1xx response has come */
    bool is_sent;            /* END_STREAM was queued */
    bool is_held_up;         /* in the list of those whose body waits for a window */
};

struct http2_kind;

/* The part that both kinds have, at their beginning. */
struct http2 {
    const struct http2_kind *kind;
    struct http2_stream *ended_first, *ended_last;
    uint32_t n_open;      /* streams submitted and neither ended nor cancelled */
    uint32_t n_peer_most; /* streams that the peer allows; HTTP2_STREAMS_UNTIL_SETTINGS before it has said,
                             UINT32_MAX: as many as one likes */
    uint32_t n_held_up;   /* streams whose body waits for a window */
    bool has_settings;    /* of the peer */
    bool is_going_away;   /* a GOAWAY has come: nothing more can be submitted */
    bool is_used_up;      /* there are no stream ids left */
    uint32_t n_goaways;   /* that have come */
    uint32_t goaway_code; /* of the last one */
    const char *cause;    /* why it broke, a constant string */
    uint32_t broken_by;   /* the stream whose frame broke it; 0: none, or unknown */
};

struct http2_options {
    uint32_t streams_most; /* at once */
    uint32_t window_bytes; /* receive window of each stream and of the connection */
};

/* What a kind does. A connection is made once and begun for each new TCP connection. */
struct http2_kind {
    const char *name;
    size_t bytes; /* of the struct whose first member is struct http2 */
    /* -1 when memory is short. */
    int (*init)(struct http2 *h, const struct http2_options *options);
    void (*fini)(struct http2 *h);
    /* Forgets all that was and queues the client's preface and SETTINGS. No stream may be open. */
    int (*begin)(struct http2 *h);
    /* Opens a stream: queues HEADERS, and of the body what the windows allow; the rest follows as they grow.
     * Requires http2_room. Begins the stream's exchange. -1 when memory is short: then nothing happened. */
    int (*submit)(struct http2 *h, struct http2_stream *stream, const struct http2_request *request);
    /* Queues RST_STREAM(CANCEL) and forgets the stream: what still comes for it only counts for the windows.
     * It does not appear among the ended ones. */
    void (*cancel)(struct http2 *h, struct http2_stream *stream);
    /* Takes bytes that arrived at `now_ns`; answers that are not complete keep what they need of them. -1:
     * the connection is broken (`cause`), a GOAWAY is queued; streams that ended before are among the ended
     * ones, the others stay open. */
    int (*feed)(struct http2 *h, const char *data, size_t length_bytes, uint64_t now_ns);
    /* What is to be written next, `*bytes` valid until the next call of any function; 0: nothing. */
    size_t (*pending)(struct http2 *h, const char **bytes);
    /* So many of these bytes were written. */
    void (*wrote)(struct http2 *h, size_t n_bytes);
    /* Queues GOAWAY(NO_ERROR), the last frame before the connection is closed in order. */
    void (*say_goodbye)(struct http2 *h);
    /* Forgets all streams: the TCP connection is gone. */
    void (*drop)(struct http2 *h);
};

extern const struct http2_kind http2_session;
extern const struct http2_kind http2_frames;

/* How many more streams can be opened now. */
static inline uint32_t http2_room(const struct http2 *h, uint32_t streams_most)
{
    const uint32_t most = h->n_peer_most < streams_most ? h->n_peer_most : streams_most;
    return h->is_going_away || h->is_used_up || h->n_open >= most ? 0 : most - h->n_open;
}

/* Takes the next ended stream from the list; NULL: none. Its `end` says how; it can be submitted again. */
static inline struct http2_stream *http2_take_ended(struct http2 *h)
{
    struct http2_stream *stream = h->ended_first;
    if (stream) {
        h->ended_first = stream->after;
        stream->after = NULL;
    }
    return stream;
}

/* For the kinds: appends to that list. */
static inline void http2_note_ended(struct http2 *h, struct http2_stream *stream, enum http2_end end)
{
    stream->end = end;
    stream->after = NULL;
    if (h->ended_first)
        h->ended_last->after = stream;
    else
        h->ended_first = stream;
    h->ended_last = stream;
}

#endif
