#include "response_parts.h"

#include "plan.h"

#include <string.h>

size_t response_tail_bytes(const struct plan_expect *expect)
{
    return expect->checks_body && expect->has_instance ? PLAN_INSTANCE_BYTES - 1 + expect->after_bytes : 0;
}

/* Keeps what follows `before`: only when the body is complete is it known where the instance id ends. */
static void keep_tail(struct response *r, const char *at, size_t length)
{
    const size_t room = response_tail_bytes(r->expect) - r->tail_bytes;
    if (length > room) {
        r->body_differs = true;
        return;
    }
    memcpy(r->tail + r->tail_bytes, at, length);
    r->tail_bytes += (uint32_t)length;
}

void response_compare_body(struct response *r, const char *at, size_t length)
{
    const struct plan_expect *x = r->expect;
    const uint64_t offset = r->body_bytes;

    r->body_bytes += length;
    if (!x->checks_body || r->body_differs || length == 0)
        return;
    size_t compared = 0;
    if (offset < x->before_bytes) {
        const size_t left = x->before_bytes - (size_t)offset;
        compared = length < left ? length : left;
        if (memcmp(x->body_before + offset, at, compared) != 0) {
            r->body_differs = true;
            return;
        }
    }
    if (compared == length)
        return;
    if (x->has_instance)
        keep_tail(r, at + compared, length - compared);
    else
        r->body_differs = true;
}

void response_take_body(struct response *r, const char *at, size_t length)
{
    if (r->answer)
        answer_body(r->answer, at, length);
    response_compare_body(r, at, length);
}

static void judge_body(struct response *r)
{
    const struct plan_expect *x = r->expect;
    if (r->body_bytes < x->before_bytes)
        r->body_differs = true;
    if (r->body_differs || !x->has_instance)
        return;
    const size_t instance_bytes = r->tail_bytes > x->after_bytes ? r->tail_bytes - x->after_bytes : 0;
    if (instance_bytes == 0 || instance_bytes >= PLAN_INSTANCE_BYTES ||
        memcmp(r->tail + instance_bytes, x->body_after, x->after_bytes) != 0)
        r->body_differs = true;
}

enum response_state response_complete(struct response *r)
{
    if (r->expect->checks_body)
        judge_body(r);
    r->part = RESPONSE_OVER;
    r->is_complete = true;
    return RESPONSE_DONE;
}

enum response_state response_broken(struct response *r, const char *cause)
{
    r->cause = cause;
    return RESPONSE_BROKEN;
}

static enum response_state feed_chunks(struct response *r, const char **at, const char *end)
{
    const char *data;
    size_t length;
    for (;;)
        switch (chunks_eat(&r->chunks, at, end, &data, &length)) {
        case CHUNKS_DATA:
            response_take_body(r, data, length);
            break;
        case CHUNKS_DONE:
            return response_complete(r);
        case CHUNKS_BROKEN:
            return response_broken(r, r->chunks.cause);
        default:
            return RESPONSE_MORE;
        }
}

static enum response_state feed_length(struct response *r, const char **at, const char *end)
{
    const uint64_t left = r->length_bytes - r->body_bytes;
    const size_t there = (size_t)(end - *at);
    const size_t n = there < left ? there : (size_t)left;
    response_take_body(r, *at, n);
    *at += n;
    return n == left ? response_complete(r) : RESPONSE_MORE;
}

enum response_state response_feed_body(struct response *r, const char **at, const char *end)
{
    switch ((enum response_part)r->part) {
    case RESPONSE_BODY_OF_LENGTH:
        return feed_length(r, at, end);
    case RESPONSE_BODY_OF_CHUNKS:
        return feed_chunks(r, at, end);
    case RESPONSE_BODY_TO_END:
        response_take_body(r, *at, (size_t)(end - *at));
        *at = end;
        return RESPONSE_MORE;
    default:
        return response_complete(r);
    }
}
