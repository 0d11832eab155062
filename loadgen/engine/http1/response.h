/* Reads one HTTP/1.1 response at a time from bytes: sees no socket, allocates nothing. llhttp parses the
 * head; where the body ends (length, chunks, end of connection) is determined here. Notes status and
 * persistence, and compares body and headers with what the stream expects; what a session wants of the answer
 * goes to its `answer`. Results do not depend on how the bytes were split. Hot path; only the files of the
 * response know llhttp. */
#ifndef ENGINE_RESPONSE_H
#define ENGINE_RESPONSE_H

#include "answer_read.h"
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
    RESPONSE_KNOWN_BYTES = 1024,              /* longest remembered header block */
};

enum response_state {
    RESPONSE_MORE,   /* not complete yet */
    RESPONSE_DONE,   /* complete; `used` bytes belong to it */
    RESPONSE_BROKEN, /* violates HTTP; see response_cause */
};

/* The header block parsed last, and the parser's results. Servers repeat theirs for as long as the Date
 * lasts, so a block equal to this one is not parsed again. Shared by the connections of one thread with the
 * same expectation; all zero: none yet. */
struct response_known {
    size_t head_bytes;
    uint64_t body_bytes;
    uint16_t status;
    bool keeps_alive;
    uint8_t coding; /* of the body, for sessions: enum coding */
    char head[RESPONSE_KNOWN_BYTES];
    struct redirect redirect; /* the first one seen */
};

/* The part that comes next. */
enum response_part {
    RESPONSE_BEGINS, /* no byte has arrived; empty lines before it do not count (RFC 9112 section 2.2) */
    RESPONSE_HEAD,
    RESPONSE_BODY_OF_LENGTH,
    RESPONSE_BODY_OF_CHUNKS,
    RESPONSE_BODY_TO_END, /* until the connection ends */
    RESPONSE_OVER,
};

struct response {
    llhttp_t parser;
    const struct plan_expect *expect;
    struct response_known *known; /* borrowed; NULL: every response is parsed */
    struct answer *answer;        /* what a session takes, borrowed; NULL: nothing */
    char *tail;                   /* room for the body after `before`, borrowed; NULL: captures no instance */
    const char *cause;            /* why it is broken, a constant string */
    uint64_t body_bytes;          /* so far */
    uint64_t length_bytes;        /* the body's Content-Length; UINT64_MAX: none */
    uint32_t head_bytes;          /* so far */
    uint32_t tail_bytes;
    uint16_t status;
    uint8_t part; /* enum response_part */
    bool is_head;
    bool has_begun; /* its first byte has arrived */
    bool is_complete;
    bool keeps_alive; /* the server keeps the connection open */
    bool body_differs;
    struct header_check headers;
    struct content_length length;
    struct chunks chunks;
};

/* Bytes of `tail` needed for this expectation; 0: none. */
size_t response_tail_bytes(const struct plan_expect *expect);

/* Prepares for the first response of a connection. `expect`, `tail` and `known` (NULL: none) are borrowed for
 * as long as the response is used. */
void response_init(struct response *r, const struct plan_expect *expect, char *tail,
                   struct response_known *known);
/* What differs from one response to the next in a session: to be called before response_begin, in place of
 * what response_init was given. `known` belongs to the expectation; `answer` has begun, or is NULL. */
void response_expect(struct response *r, const struct plan_expect *expect, struct response_known *known,
                     struct answer *answer);
/* Prepares for the next response. */
void response_begin(struct response *r, bool is_head);

/* The number of leading line ends, which a server may send between two responses. */
size_t response_blank_bytes(const char *data, size_t length_bytes);

/* Feeds bytes; `*used`: how many of them belong to this response, or to empty lines before it. */
enum response_state response_feed(struct response *r, const char *data, size_t length_bytes, size_t *used);
/* The connection ended: DONE when that ends the body, else MORE (the response is truncated). */
enum response_state response_end(struct response *r);

/* Of a broken response: the bytes are no HTTP response at all. */
bool response_is_stray(const struct response *r);
/* Of a complete response: ok, or the class of what differs from the expectation. */
enum outcome response_outcome(const struct response *r);
/* The captured instance id, borrowed, with its `*length`; NULL: none. */
const char *response_instance(const struct response *r, size_t *length);
/* Why it is broken, or what differed first: a constant string, or one that lives as long as `known`. */
const char *response_cause(const struct response *r);

#endif
