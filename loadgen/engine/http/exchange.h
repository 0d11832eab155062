/* The protocol seam: all that statistics and users know of HTTP. An exchange is the response to one request
 * while it arrives: begun, filled by a protocol's reader, and asked in the end for its outcome. HTTP/1.1
 * answers in order, so a connection has one exchange, that of the oldest request written; HTTP/2 has one
 * beside each flight. Plain functions, so that HTTP/1.1 pays for no indirect call. Hot path. */
#ifndef ENGINE_EXCHANGE_H
#define ENGINE_EXCHANGE_H

#include "outcome.h"
#include "plan.h"
#include "request.h"
#include "response.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exchange {
    struct response response;
    uint64_t first_ns; /* its first byte, monotonic; 0: none has arrived */
};

/* A connection's room for requests whose bytes differ each time. All zero at first; `bytes` is owned. */
struct exchange_room {
    char *bytes;
    size_t n_bytes;
};

/* Makes room for the stream's longest rendered request, once. -1 with errno when memory is short. */
int exchange_reserve(struct exchange_room *room, const struct plan_stream *stream);
void exchange_release(struct exchange_room *room);
/* Copies bytes into the room, which grows to hold them. -1 when memory is short. */
int exchange_keep(struct exchange_room *room, const char *bytes, size_t n_bytes);

/* The bytes of request `seq`, valid until the next call: its only literal piece, or rendered into the room.
 */
static inline const char *exchange_request(struct exchange_room *room, const struct plan *plan,
                                           const struct plan_stream *stream,
                                           const struct plan_request *request, uint64_t seq, size_t *length)
{
    if (!request_is_rendered(request)) {
        *length = request->pieces[0].length_bytes;
        return request->pieces[0].text;
    }
    *length = request_render(plan, stream, request, seq, room->bytes, room->n_bytes);
    return room->bytes;
}

/* Bytes of `tail` that exchange_init wants for this expectation; 0: none. */
static inline size_t exchange_tail_bytes(const struct plan_expect *expect)
{
    return response_tail_bytes(expect);
}

/* See response_init. */
static inline void exchange_init(struct exchange *x, const struct plan_expect *expect, char *tail,
                                 struct redirect *redirect)
{
    response_init(&x->response, expect, tail, redirect);
    x->first_ns = 0;
}

/* Expects another response than before, as response_expect has it: each step of a session has an expectation
 * of its own. */
static inline void exchange_expect(struct exchange *x, const struct plan_expect *expect,
                                   struct redirect *redirect, struct answer *answer)
{
    response_expect(&x->response, expect, redirect, answer);
}

/* Nothing has arrived of the next response; `is_head`: to a HEAD request. */
static inline void exchange_begin(struct exchange *x, bool is_head)
{
    response_begin(&x->response, is_head);
    x->first_ns = 0;
}

/* Of a complete response. */
static inline enum outcome exchange_outcome(const struct exchange *x)
{
    return response_outcome(&x->response);
}

/* Why it is broken, or what differed first. See response_cause. */
static inline const char *exchange_cause(const struct exchange *x)
{
    return response_cause(&x->response);
}

/* 0: none has arrived. */
static inline uint16_t exchange_status(const struct exchange *x)
{
    return x->first_ns ? x->response.status : 0;
}

/* It may not have fitted into the kernel's receive buffer, so that the server waited until it was read: a
 * receive window is about 64 KiB at first. */
static inline bool exchange_is_large(const struct exchange *x)
{
    return x->response.body_bytes > UINT64_C(48) * 1024;
}

/* See response_instance. */
static inline const char *exchange_instance(const struct exchange *x, size_t *length)
{
    return response_instance(&x->response, length);
}

#endif
