/* What the files of a response share among each other and with nobody else: response.c (life and verdict),
 * response_head.c (the head, by llhttp) and response_body.c (the body's framing and comparison). */
#ifndef ENGINE_RESPONSE_PARTS_H
#define ENGINE_RESPONSE_PARTS_H

#include "response.h"

/* 1xx, 204 and 304 have no body, whatever their headers say (RFC 9112 section 6.3). */
static inline bool response_is_bodiless(unsigned status)
{
    return status / 100 == 1 || status == 204 || status == 304;
}

/* A head begins. */
void response_begin_head(struct response *r);
/* Eats the head, or as much of it as is there: `*at` moves behind it, and `part` says what follows. */
enum response_state response_feed_head(struct response *r, const char **at, const char *end);
/* True: the headers were of interest, so that the next head must be parsed, whatever it is like. */
bool response_looked_at_headers(const struct response *r);

/* Eats the body, or as much of it as is there. */
enum response_state response_feed_body(struct response *r, const char **at, const char *end);
/* The body goes on with these bytes. */
void response_take_body(struct response *r, const char *at, size_t length);
/* The response is complete, and its body is judged: DONE. */
enum response_state response_complete(struct response *r);
/* `cause` is a constant string: BROKEN. */
enum response_state response_broken(struct response *r, const char *cause);

#endif
