/* Private to the files of the reader: http1.c (its life), above http1_head.c (the head, by llhttp), above
 * http1_body.c (the body's framing). */
#ifndef ENGINE_HTTP1_PARTS_H
#define ENGINE_HTTP1_PARTS_H

#include "http1.h"

/* Prepares for a head. */
void http1_begin_head(struct http1 *h);
/* Consumes the head, or what has arrived of it, and advances `*at`; at its end `part` is what follows. */
enum http1_state http1_feed_head(struct http1 *h, const char **at, const char *end);

/* Consumes the body, or what has arrived of it. */
enum http1_state http1_feed_body(struct http1 *h, const char **at, const char *end);
/* Completes the response. Returns DONE. */
static inline enum http1_state http1_complete(struct http1 *h)
{
    response_complete(h->response);
    h->part = HTTP1_OVER;
    return HTTP1_DONE;
}

/* Notes the cause, a constant string. Returns BROKEN. */
static inline enum http1_state http1_broken(struct http1 *h, const char *cause)
{
    response_broken(h->response, cause);
    return HTTP1_BROKEN;
}

#endif
