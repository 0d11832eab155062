/* One HTTP/1.1 response at a time, read from bytes: eats what a transport delivers, never sees a socket,
 * allocates nothing. It finds the end of the response (length, chunks, or end of connection), notes status
 * and persistence, and compares body and headers with what the stream expects. Hot path; the only file that
 * knows llhttp. */
#ifndef ENGINE_RESPONSE_H
#define ENGINE_RESPONSE_H

#include "outcome.h"

#include <llhttp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan_expect;

enum {
    RESPONSE_HEADERS_MOST_BYTES = 256 * 1024, /* more is a protocol error */
    RESPONSE_VALUE_BYTES = 128,               /* of a header value that is compared */
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
};

struct response {
    llhttp_t parser;
    const struct plan_expect *expect;
    struct response_known *known; /* borrowed; NULL: every response is parsed */
    char *tail; /* room for the body behind `before` (response_tail_bytes), borrowed; NULL when no instance is
                   captured */
    uint64_t body_bytes;    /* so far */
    uint64_t headers_bytes; /* so far; 0 again when the headers are complete */
    uint64_t length_bytes;  /* of the body by its Content-Length; UINT64_MAX: it has none */
    uint32_t tail_bytes;
    uint32_t headers_seen; /* bit i: expected header i was present and right */
    uint16_t status;
    bool is_head;
    bool has_begun; /* a byte of this response arrived */
    bool is_complete;
    bool keeps_alive; /* the server lets the connection live on */
    bool body_differs;
    bool is_balancers;    /* a Server header names a load balancer */
    uint8_t header_index; /* expected header that the current field is: index + 1, 255 for Server, 0 none */
    uint8_t name_length;
    uint8_t value_length;
    char name[64];
    char value[RESPONSE_VALUE_BYTES];
};

/* Bytes of `tail` that a response with this expectation needs; 0 when none. */
size_t response_tail_bytes(const struct plan_expect *expect);

/* Prepares for the first response of a connection. `expect`, `tail` and `known` (NULL: none) are borrowed as
 * long as the response is used. */
void response_init(struct response *r, const struct plan_expect *expect, char *tail,
                   struct response_known *known);
/* Prepares for the next response. */
void response_begin(struct response *r, bool is_head);

/* Feeds bytes; `*used` is how many of them belong to this response. */
enum response_state response_feed(struct response *r, const char *data, size_t length_bytes, size_t *used);
/* The connection ended: DONE when the response's body was to go on until then, else MORE (it is cut off). */
enum response_state response_end(struct response *r);

/* Of a complete response: whether it was as expected. */
enum outcome response_outcome(const struct response *r);
/* The captured instance id: borrowed, length in `*length`; NULL when there is none. */
const char *response_instance(const struct response *r, size_t *length);
/* Why it is broken, or what differed: a constant string. */
const char *response_cause(const struct response *r);

#endif
