/* One HTTP/1.1 response at a time, read from bytes: eats what a transport delivers, never sees a socket,
 * allocates nothing. llhttp reads the head; where the body ends (length, chunks, or end of connection) is
 * found here. Notes status and persistence, and compares body and headers with what the stream expects. What
 * is said of a response does not hang on how its bytes were cut. Hot path; the only file that knows llhttp.
 */
#ifndef ENGINE_RESPONSE_H
#define ENGINE_RESPONSE_H

#include "chunks.h"
#include "content_length.h"
#include "header_check.h"
#include "outcome.h"
#include "redirect.h"

#include <llhttp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan_expect;

enum {
    RESPONSE_HEADERS_MOST_BYTES = 256 * 1024, /* more is a protocol error */
    RESPONSE_KNOWN_BYTES = 1024,              /* of a header block that is remembered */
};

enum response_state {
    RESPONSE_MORE,   /* not complete yet */
    RESPONSE_DONE,   /* complete; `used` bytes belong to it */
    RESPONSE_BROKEN, /* breaks the rules of HTTP; response_cause says how */
};

/* The header block that was parsed last, and what the parser made of it. Servers repeat theirs for as long as
 * the Date lasts, and the parser says the same of the same bytes: a block that equals this one is not parsed
 * again. Shared by the connections of one thread that have the same expectation; all zero: none yet. */
struct response_known {
    size_t head_bytes;
    uint64_t body_bytes;
    uint16_t status;
    bool keeps_alive;
    char head[RESPONSE_KNOWN_BYTES];
    struct redirect redirect; /* the first that was met */
};

/* What comes next. */
enum response_part {
    RESPONSE_BEGINS, /* no byte of it has come; empty lines before it are none of it (RFC 9112 section 2.2) */
    RESPONSE_HEAD,
    RESPONSE_BODY_OF_LENGTH,
    RESPONSE_BODY_OF_CHUNKS,
    RESPONSE_BODY_TO_END, /* of the connection */
    RESPONSE_OVER,
};

struct response {
    llhttp_t parser;
    const struct plan_expect *expect;
    struct response_known *known; /* borrowed; NULL: every response is parsed */
    char *tail; /* room for the body behind `before` (response_tail_bytes), borrowed; NULL when no instance is
                   captured */
    const char *cause;     /* why it is broken: a constant string */
    uint64_t body_bytes;   /* so far */
    uint64_t length_bytes; /* of the body by its Content-Length; UINT64_MAX: it has none */
    uint32_t head_bytes;   /* so far */
    uint32_t tail_bytes;
    uint16_t status;
    uint8_t part; /* enum response_part */
    bool is_head;
    bool has_begun; /* a byte of this response arrived */
    bool is_complete;
    bool keeps_alive; /* the server lets the connection live on */
    bool body_differs;
    struct header_check headers;
    struct content_length length;
    struct chunks chunks;
};

/* Bytes of `tail` that a response with this expectation needs; 0 when none. */
size_t response_tail_bytes(const struct plan_expect *expect);

/* Prepares for the first response of a connection. `expect`, `tail` and `known` (NULL: none) are borrowed as
 * long as the response is used. */
void response_init(struct response *r, const struct plan_expect *expect, char *tail,
                   struct response_known *known);
/* Prepares for the next response. */
void response_begin(struct response *r, bool is_head);

/* How many bytes are line ends, which a server may send between two responses. */
size_t response_blank_bytes(const char *data, size_t length_bytes);

/* Feeds bytes; `*used` is how many of them belong to this response, or to empty lines before it. */
enum response_state response_feed(struct response *r, const char *data, size_t length_bytes, size_t *used);
/* The connection ended: DONE when the response's body was to go on until then, else MORE (it is cut off). */
enum response_state response_end(struct response *r);

/* Of a broken response: its bytes are none of an answer at all, not even of a bad one. */
bool response_is_stray(const struct response *r);
/* Of a complete response: whether it was as expected. */
enum outcome response_outcome(const struct response *r);
/* The captured instance id: borrowed, length in `*length`; NULL when there is none. */
const char *response_instance(const struct response *r, size_t *length);
/* Why it is broken, or what differed first: a constant string, or one that lasts as long as `known`. */
const char *response_cause(const struct response *r);

#endif
