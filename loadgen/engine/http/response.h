/* What is learned of one response while it arrives, whatever the protocol: its status, whether header fields
 * and body are as the stream expects, which instance answered; what a session wants goes to its `answer`.
 * Readers of a protocol (http1.h, http2.h) call it in order: response_begin, response_look or response_start
 * at the final status, the fields if response_wants_fields, response_head_end, response_body,
 * response_complete; or response_broken at any time. Allocates nothing, sees no socket. Hot path. */
#ifndef ENGINE_RESPONSE_H
#define ENGINE_RESPONSE_H

#include "answer_read.h"
#include "header_check.h"
#include "outcome.h"
#include "plan.h"
#include "redirect.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct response {
    const struct plan_expect *expect;
    struct redirect *redirect; /* borrowed; NULL: where redirects point is not noted */
    struct answer *answer;     /* what a session takes, borrowed; NULL: nothing */
    char *tail;                /* room for the body after `before`, borrowed; NULL: captures no instance */
    const char *cause;         /* why it is broken, a constant string */
    uint64_t body_bytes;       /* so far */
    uint32_t tail_bytes;
    uint16_t status;
    bool is_head; /* it answers a HEAD request */
    bool is_complete;
    bool body_differs;
    bool wants_fields;
    bool is_redirect; /* by its status */
    struct header_check headers;
};

/* Bytes of `tail` needed for this expectation; 0: none. */
size_t response_tail_bytes(const struct plan_expect *expect);

/* All are borrowed for as long as the response is used; `tail` and `redirect` may be NULL. */
void response_init(struct response *r, const struct plan_expect *expect, char *tail,
                   struct redirect *redirect);
/* What differs from one response to the next in a session: call it before response_begin. `redirect` belongs
 * to the expectation; `answer` has begun, or is NULL. */
void response_expect(struct response *r, const struct plan_expect *expect, struct redirect *redirect,
                     struct answer *answer);
/* A head with this status arrives: determines whether its fields are looked at. */
void response_look(struct response *r, unsigned status);
/* A field's name in pieces, its end, its value in pieces, its end. Only if response_wants_fields. */
void response_name(struct response *r, const char *at, size_t n_bytes);
void response_name_end(struct response *r);
void response_value(struct response *r, const char *at, size_t n_bytes);
void response_value_end(struct response *r);
/* The same for a field that arrives whole. */
void response_field(struct response *r, const char *name, size_t name_bytes, const char *value,
                    size_t value_bytes);

/* Whether an equal head need not be read again: nothing was taken from its fields. Then response_known_head
 * takes the place of status, fields and response_head_end. */
bool response_is_knowable(const struct response *r);

/* Of a complete response: ok, or the class of what differs from the expectation. */
enum outcome response_outcome(const struct response *r);
/* The captured instance id, borrowed, with its `*length`; NULL: none. */
const char *response_instance(const struct response *r, size_t *length);
/* Why it is broken, or what differed first: a constant string, or one that lives as long as `redirect`. */
const char *response_cause(const struct response *r);

/* Prepares for the next response. */
static inline void response_begin(struct response *r, bool is_head)
{
    r->is_head = is_head;
    r->is_complete = r->body_differs = false;
    r->headers.is_used = r->headers.is_balancers = false;
    r->headers.seen = 0;
    r->cause = NULL;
    r->body_bytes = 0;
    r->tail_bytes = 0;
    r->status = 0;
}

/* The final status has arrived. */
static inline void response_start(struct response *r, unsigned status)
{
    r->status = (uint16_t)status;
    response_look(r, status);
}

static inline bool response_wants_fields(const struct response *r)
{
    return r->wants_fields;
}

/* The final head is complete; `status` is set. */
static inline void response_head_end(struct response *r)
{
    if (r->answer)
        answer_head_end(r->answer, r->status);
}

/* The content coding to remember with a head that is knowable. */
static inline uint8_t response_coding(const struct response *r)
{
    return r->answer ? r->answer->coding : 0;
}

static inline void response_known_head(struct response *r, uint16_t status, uint8_t coding)
{
    r->status = status;
    if (__builtin_expect(r->answer != NULL, 0))
        answer_known_head(r->answer, status, coding);
}

/* Private to response_body and response_complete: with a body that is expected. */
void response_compare_body(struct response *r, uint64_t offset, const char *at, size_t n_bytes);
void response_judge_body(struct response *r);

/* The next bytes of the body. */
static inline void response_body(struct response *r, const char *at, size_t n_bytes)
{
    const uint64_t offset = r->body_bytes;
    r->body_bytes += n_bytes;
    if (__builtin_expect(r->answer != NULL, 0))
        answer_body(r->answer, at, n_bytes);
    if (r->expect->checks_body)
        response_compare_body(r, offset, at, n_bytes);
}

/* Completes the response and judges its body. */
static inline void response_complete(struct response *r)
{
    if (r->expect->checks_body)
        response_judge_body(r);
    r->is_complete = true;
}

/* The bytes given to response_body go away before the response is complete. */
static inline void response_pause(struct response *r)
{
    if (r->answer)
        answer_pause(r->answer);
}

static inline void response_broken(struct response *r, const char *cause)
{
    r->cause = cause;
}

/* 1xx, 204 and 304 have no body, whatever their headers say (RFC 9110 section 6.4.1). */
static inline bool response_is_bodiless(unsigned status)
{
    return status / 100 == 1 || status == 204 || status == 304;
}

#endif
