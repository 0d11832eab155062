/* Reads one HTTP/1.1 response at a time from bytes: sees no socket, allocates nothing. llhttp parses the
 * head; where the body ends (length, chunks, end of connection) is determined here. What it finds goes to a
 * response (response.h). Results do not depend on how the bytes were split. Hot path; only the files of this
 * reader know llhttp. */
#ifndef ENGINE_HTTP1_H
#define ENGINE_HTTP1_H

#include "chunks.h"
#include "content_length.h"
#include "response.h"

#include <llhttp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HTTP1_HEADERS_MOST_BYTES = 256 * 1024, /* more is a protocol error */
    HTTP1_KNOWN_BYTES = 1024,              /* longest remembered header block */
};

enum http1_state {
    HTTP1_MORE,   /* not complete yet */
    HTTP1_DONE,   /* complete; `used` bytes belong to it */
    HTTP1_BROKEN, /* violates HTTP; see response_cause */
};

/* The header block parsed last, and the parser's results. Servers repeat theirs for as long as the Date
 * lasts, so a block equal to this one is not parsed again. Shared by the connections of one thread with the
 * same expectation; all zero: none yet. */
struct http1_known {
    size_t head_bytes;
    uint64_t body_bytes;
    uint16_t status;
    bool keeps_alive;
    uint8_t coding; /* of the body, for sessions: enum coding */
    char head[HTTP1_KNOWN_BYTES];
};

/* The part that comes next. */
enum http1_part {
    HTTP1_BEGINS, /* no byte has arrived; empty lines before it do not count (RFC 9112 section 2.2) */
    HTTP1_HEAD,
    HTTP1_BODY_OF_LENGTH,
    HTTP1_BODY_OF_CHUNKS,
    HTTP1_BODY_TO_END, /* until the connection ends */
    HTTP1_OVER,
};

struct http1 {
    llhttp_t parser;
    struct response *response; /* borrowed */
    struct http1_known *known; /* borrowed; NULL: every response is parsed */
    uint64_t length_bytes;     /* the body's Content-Length; UINT64_MAX: none */
    uint32_t head_bytes;       /* so far */
    uint8_t part;              /* enum http1_part */
    bool has_begun;            /* its first byte has arrived */
    bool keeps_alive;          /* the server keeps the connection open */
    union {
        struct content_length length; /* while the head is read */
        struct chunks chunks;         /* while the body is */
    };
};

/* Prepares for the first response of a connection. All are borrowed for as long as the reader is used;
 * `known` may be NULL, and differs in a session from one response to the next, as response_expect has it. */
void http1_init(struct http1 *h, struct response *response, struct http1_known *known);
/* The number of leading line ends, which a server may send between two responses. */
size_t http1_blank_bytes(const char *data, size_t length_bytes);

/* Feeds bytes; `*used`: how many of them belong to this response, or to empty lines before it. */
enum http1_state http1_feed(struct http1 *h, const char *data, size_t length_bytes, size_t *used);
/* The peer has ended the connection in order: DONE when that ends the body, else MORE (the response is
 * truncated). */
enum http1_state http1_end(struct http1 *h);

/* Of a broken response: the bytes are no HTTP response at all. */
bool http1_is_stray(const struct http1 *h);

/* Prepares for the next response. */
static inline void http1_begin(struct http1 *h, bool is_head)
{
    h->part = HTTP1_BEGINS;
    h->has_begun = h->keeps_alive = false;
    response_begin(h->response, is_head);
}

#endif
