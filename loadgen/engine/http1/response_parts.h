/* Private to the files of a response: response.c (life and verdict), above response_head.c (the head, by
 * llhttp), above response_body.c (the body's framing and comparison). */
#ifndef ENGINE_RESPONSE_PARTS_H
#define ENGINE_RESPONSE_PARTS_H

#include "response.h"

/* 1xx, 204 and 304 have no body, whatever their headers say (RFC 9112 section 6.3). */
static inline bool response_is_bodiless(unsigned status)
{
    return status / 100 == 1 || status == 204 || status == 304;
}

/* Prepares for a head. */
void response_begin_head(struct response *r);
/* Consumes the head, or what has arrived of it, and advances `*at`; at its end `part` is what follows. */
enum response_state response_feed_head(struct response *r, const char **at, const char *end);

/* Consumes the body, or what has arrived of it. */
enum response_state response_feed_body(struct response *r, const char **at, const char *end);
/* Takes the next bytes of the body: hands them to the answer and compares them. */
void response_take_body(struct response *r, const char *at, size_t length);
/* Only compares them. */
void response_compare_body(struct response *r, const char *at, size_t length);
/* Completes the response and checks its body. Returns DONE. */
enum response_state response_complete(struct response *r);
/* Notes the cause, a constant string. Returns BROKEN. */
enum response_state response_broken(struct response *r, const char *cause);

#endif
