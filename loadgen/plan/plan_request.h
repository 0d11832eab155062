/* What one request is: pieces of bytes and of values, the feed rows that these come from, and what makes its
 * response ok. */
#ifndef PLAN_PLAN_REQUEST_H
#define PLAN_PLAN_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLAN_NAME_BYTES = 33 }; /* names are 1 to 32 of A-Z a-z 0-9 _ - */

struct plan_header {
    char *name;
    char *value;
};

/* A piece of a request: literal bytes, or a value generated for each request. */
enum plan_piece_kind {
    PLAN_PIECE_LITERAL,
    PLAN_PIECE_SECRET,   /* literal bytes that people see as (given): {env:NAME} */
    PLAN_PIECE_COUNTER,  /* {counter}: the request's number within the stream, from 0; of a session: the
                            pass's */
    PLAN_PIECE_USER,     /* {user}: the user's number within the stream, from 0; of sessions */
    PLAN_PIECE_RANDOM,   /* {random}: 16 hex digits */
    PLAN_PIECE_UUID,     /* {uuid}: version 4 */
    PLAN_PIECE_NOW,      /* {now}: milliseconds since the epoch */
    PLAN_PIECE_INSTANCE, /* {instance}: the instance ids of the cluster in turn */
    PLAN_PIECE_FEED,     /* {FEED.COLUMN}, {csv:COLUMN} */
    PLAN_PIECE_VARIABLE, /* what a session has captured */
    PLAN_PIECE_BASE64,   /* Base64 of the `index` pieces behind it */
};

/* How a value is written where it stands. */
enum plan_escape {
    PLAN_AS_IS,
    PLAN_URL,    /* percent-encoded but for unreserved characters (RFC 3986 section 2.3) */
    PLAN_FORM,   /* application/x-www-form-urlencoded */
    PLAN_JSON,   /* within a JSON string (RFC 8259 section 7) */
    PLAN_HTML,   /* & < > " ' as references */
    PLAN_BASE64, /* RFC 4648 section 4 */
    PLAN_NUMBER, /* as is, and must be a JSON number, true, false or null */
};

/* Where a piece stands: bytes that would break the message there fail the request. */
enum plan_place {
    PLAN_IN_BODY,   /* anything */
    PLAN_IN_HEADER, /* no CR, LF or NUL */
    PLAN_IN_PATH,   /* visible ASCII but # */
    PLAN_AT_PATH,   /* the same, and begins with / */
};

struct plan_piece {
    enum plan_piece_kind kind;
    enum plan_escape filter; /* first */
    enum plan_escape escape; /* then */
    enum plan_place place;
    char *text; /* literal bytes, owned */
    size_t length_bytes;
    uint32_t feed;  /* index into plan_stream.feeds */
    uint32_t index; /* the feed's column; the variable in plan_session.variables */
};

/* One request, ready to send: the pieces one after the other are the whole HTTP/1.1 message. With a single
 * literal piece (the usual case) it is rendered once and for all. A body with generated values has its
 * Content-Length computed per request: then `length_at_piece` is the piece (an empty literal) in whose place
 * the number is written, and the body begins at `body_at_piece`. */
struct plan_request {
    char *method;
    char *path;  /* as written, for people */
    char *shown; /* the message without its secrets, NUL-terminated; owned. NULL: `pieces` has none */
    struct plan_piece *pieces;
    size_t n_pieces;
    size_t bytes_most;      /* the longest that it can be */
    size_t length_at_piece; /* SIZE_MAX: none */
    size_t body_at_piece;   /* n_pieces: no body with generated values */
    uint32_t weight;        /* weighted mix; 1 by default */
    bool is_head;           /* HEAD: the response has no body */
};

/* Whose number chooses the feed row. */
enum plan_take {
    PLAN_TAKE_PASS, /* a pass's, the same for all its steps; without a session, that of a walk through
                       `requests` */
    PLAN_TAKE_USER, /* a user's, for all its passes */
};

enum plan_order {
    PLAN_SEQUENCE, /* the number modulo the rows */
    PLAN_SHUFFLE,  /* a permutation per round */
    PLAN_RANDOM,   /* any row */
    PLAN_LEND,     /* one that no other session has */
};

/* When the number is beyond the last row. */
enum plan_at_end {
    PLAN_REPEAT,
    PLAN_STOP, /* ends the phase */
    PLAN_FAIL, /* ends the run */
};

/* Rows of a CSV file whose columns requests use. */
struct plan_feed {
    char name[PLAN_NAME_BYTES]; /* "": a stream's own, of {csv:COLUMN} */
    char *file;                 /* as the scenario names it, owned */
    uint32_t number;            /* in plan.feeds */
    enum plan_take take;
    enum plan_order order;
    enum plan_at_end at_end;
    char **cells; /* n_rows * n_columns, owned */
    char **columns;
    size_t n_rows, n_columns;
};

/* What makes a response ok. Body: before + {instance} + after, or the exact text `body_before` when
 * has_instance is false. */
struct plan_expect {
    uint8_t status_ok[75]; /* bit (status - 100), statuses 100 to 699; default 200-299 */
    bool checks_body;
    bool has_instance;
    char *body_before;
    char *body_after;
    size_t before_bytes, after_bytes;
    struct plan_header *headers; /* each must be present with this value, or any value when NULL */
    size_t n_headers;
};

static inline bool plan_expects_status(const struct plan_expect *x, unsigned status)
{
    return status >= 100 && status < 700 && (x->status_ok[(status - 100) / 8] >> ((status - 100) % 8) & 1);
}

#endif
