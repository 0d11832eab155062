/* Reads a response in every way that TCP may split it: whole, byte by byte, in two pieces split at every
 * place, and each with a known header block. */
#ifndef TEST_HTTP1_CUTS_H
#define TEST_HTTP1_CUTS_H

#include "cm.h"
#include "plan.h"
#include "reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct seen {
    enum http1_state state;
    size_t used;
    unsigned status;
    enum outcome outcome;
    bool keeps_alive;
    uint64_t body_bytes;
    char cause[256]; /* if it is not ok */
    char instance[PLAN_INSTANCE_BYTES];
};

static inline struct plan_expect expect_2xx(void)
{
    struct plan_expect x = { 0 };
    for (unsigned status = 200; status < 300; status++)
        x.status_ok[(status - 100) / 8] |= (uint8_t)(1u << ((status - 100) % 8));
    return x;
}

static inline struct seen what_is_seen(const struct reading *r, enum http1_state state, size_t used)
{
    struct seen seen = {
        .state = state, .used = used, .status = r->response.status, .keeps_alive = r->http1.keeps_alive
    };
    if (state == HTTP1_BROKEN)
        snprintf(seen.cause, sizeof seen.cause, "%s", response_cause(&r->response));
    if (state != HTTP1_DONE)
        return seen;
    size_t n = 0;
    const char *id = response_instance(&r->response, &n);
    if (id)
        memcpy(seen.instance, id, n);
    seen.body_bytes = r->response.body_bytes;
    seen.outcome = response_outcome(&r->response);
    if (seen.outcome != OUTCOME_OK)
        snprintf(seen.cause, sizeof seen.cause, "%s", response_cause(&r->response));
    return seen;
}

/* Split at `first` and then every `step` bytes, each piece in memory of its own, so that nothing is read
 * beyond it; `ends`: the connection then ends. */
static inline struct seen read_cut(const struct plan_expect *x, const char *bytes, size_t length,
                                   size_t first, size_t step, bool ends, struct http1_known *known)
{
    enum http1_state state = HTTP1_MORE;
    struct reading r;
    char tail[PLAN_INSTANCE_BYTES + 64];
    size_t at = 0;
    reading_init(&r, x, response_tail_bytes(x) ? tail : NULL, known);
    http1_begin(&r.http1, false);
    while (at < length && state == HTTP1_MORE) {
        const size_t piece = at == 0 ? first : step;
        const size_t n = length - at < piece ? length - at : piece;
        char *copy = malloc(n);
        assert_non_null(copy);
        memcpy(copy, bytes + at, n);
        size_t used = 0;
        state = http1_feed(&r.http1, copy, n, &used);
        assert_true(used <= n);
        assert_true(state != HTTP1_MORE || used == n);
        at += used;
        free(copy);
    }
    if (ends && state == HTTP1_MORE)
        state = http1_end(&r.http1);
    return what_is_seen(&r, state, at);
}

static inline void assert_same(const struct seen *a, const struct seen *b, const char *bytes, const char *how,
                               size_t at)
{
    const bool is_same = a->state == b->state && a->status == b->status && a->outcome == b->outcome &&
                         a->keeps_alive == b->keeps_alive && a->body_bytes == b->body_bytes &&
                         (a->state == HTTP1_BROKEN || a->used == b->used) &&
                         strcmp(a->cause, b->cause) == 0 && strcmp(a->instance, b->instance) == 0;
    if (!is_same)
        fail_msg("%s, %s %zu: state %d, used %zu, status %u, outcome %d, %s; whole: %d, %zu, %u, %d, %s",
                 bytes, how, at, (int)b->state, b->used, b->status, (int)b->outcome, b->cause, (int)a->state,
                 a->used, a->status, (int)a->outcome, a->cause);
}

/* The result for the bytes, however they are split. */
static inline struct seen read_every_way(const struct plan_expect *x, const char *bytes, size_t length,
                                         bool ends)
{
    const struct seen whole = read_cut(x, bytes, length, length, length, ends, NULL);
    const struct seen one_by_one = read_cut(x, bytes, length, 1, 1, ends, NULL);
    assert_same(&whole, &one_by_one, bytes, "byte by byte", 0);
    struct http1_known known = { 0 };
    for (size_t i = 0; i < 2; i++) {
        const struct seen again = read_cut(x, bytes, length, length, length, ends, &known);
        assert_same(&whole, &again, bytes, "known", i);
    }
    for (size_t at = 1; at < length; at++) {
        struct seen cut = read_cut(x, bytes, length, at, length, ends, NULL);
        assert_same(&whole, &cut, bytes, "cut at", at);
        cut = read_cut(x, bytes, length, at, length, ends, &known);
        assert_same(&whole, &cut, bytes, "known and cut at", at);
    }
    return whole;
}

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

#endif
