#include "response_parts.h"

#include "plan.h"

#include <string.h>

/* Whether a head like this one need not be parsed: nothing was taken from its fields. */
static bool is_knowable(const struct response *r)
{
    return !r->headers.is_used && (!r->answer || answer_is_knowable(r->answer));
}

/* Remembers the header block of a response that arrived whole, in one read. */
static void remember(struct response *r, const char *data, size_t used_bytes)
{
    struct response_known *k = r->known;
    if (r->is_head || response_is_bodiless(r->status) || !is_knowable(r) || r->length_bytes > used_bytes)
        return;
    const size_t head_bytes = used_bytes - (size_t)r->length_bytes;
    if (head_bytes > sizeof k->head)
        return;
    memcpy(k->head, data, head_bytes);
    k->head_bytes = head_bytes;
    k->body_bytes = r->length_bytes;
    k->status = r->status;
    k->keeps_alive = r->keeps_alive;
    k->coding = r->answer ? r->answer->coding : 0;
}

/* Takes a whole response whose header block is the known one; false when the bytes are anything else. */
static bool take_known(struct response *r, const char **at, const char *end)
{
    const struct response_known *k = r->known;
    const size_t length_bytes = (size_t)(end - *at);
    if (k->head_bytes == 0 || r->is_head || length_bytes < k->head_bytes ||
        length_bytes - k->head_bytes < k->body_bytes || memcmp(*at, k->head, k->head_bytes) != 0)
        return false;
    r->status = k->status;
    r->keeps_alive = k->keeps_alive;
    if (__builtin_expect(r->answer != NULL, 0)) {
        answer_known_head(r->answer, k->status, k->coding);
        answer_body(r->answer, *at + k->head_bytes, (size_t)k->body_bytes);
    }
    response_compare_body(r, *at + k->head_bytes, (size_t)k->body_bytes);
    response_complete(r);
    *at += k->head_bytes + (size_t)k->body_bytes;
    return true;
}

void response_begin(struct response *r, bool is_head)
{
    r->is_head = is_head;
    r->part = RESPONSE_BEGINS;
    r->has_begun = r->is_complete = r->keeps_alive = r->body_differs = false;
    r->headers.is_used = r->headers.is_balancers = false;
    r->headers.seen = 0;
    r->cause = NULL;
    r->body_bytes = 0;
    r->tail_bytes = 0;
    r->status = 0;
}

size_t response_blank_bytes(const char *data, size_t length_bytes)
{
    size_t n = 0;
    while (n < length_bytes && (data[n] == '\r' || data[n] == '\n'))
        n++;
    return n;
}

static enum response_state feed_part(struct response *r, const char **at, const char *end)
{
    if (r->part == RESPONSE_BEGINS) {
        *at += response_blank_bytes(*at, (size_t)(end - *at));
        if (*at == end)
            return RESPONSE_MORE;
        response_begin_head(r);
    }
    return r->part == RESPONSE_HEAD ? response_feed_head(r, at, end) : response_feed_body(r, at, end);
}

/* The last byte may end one part, and the next part may need none. */
static enum response_state feed_parts(struct response *r, const char **at, const char *end)
{
    enum response_state state;
    uint8_t part;
    do {
        part = r->part;
        state = feed_part(r, at, end);
    } while (state == RESPONSE_MORE && (*at < end || r->part != part));
    return state;
}

/* A response from its first byte on: tries the known header block, then parses. */
static enum response_state feed_whole(struct response *r, const char **at, const char *end)
{
    const char *begin = *at;
    r->has_begun = true;
    if (r->known && take_known(r, at, end))
        return RESPONSE_DONE;
    const enum response_state state = feed_parts(r, at, end);
    if (r->known && state == RESPONSE_DONE)
        remember(r, begin, (size_t)(*at - begin));
    return state;
}

enum response_state response_feed(struct response *r, const char *data, size_t length_bytes, size_t *used)
{
    const char *at = data;
    const char *end = data + length_bytes;
    enum response_state state = RESPONSE_MORE;
    if (r->has_begun)
        state = feed_parts(r, &at, end);
    else if ((at += response_blank_bytes(data, length_bytes)) < end)
        state = feed_whole(r, &at, end);
    if (state == RESPONSE_MORE && r->answer)
        answer_pause(r->answer);
    *used = (size_t)(at - data);
    return state;
}

enum response_state response_end(struct response *r)
{
    if (r->part == RESPONSE_BODY_TO_END)
        response_complete(r);
    r->keeps_alive = false;
    return r->is_complete ? RESPONSE_DONE : RESPONSE_MORE;
}

enum outcome response_outcome(const struct response *r)
{
    if (plan_expects_status(r->expect, r->status)) {
        const bool is_right = !(r->expect->checks_body && r->body_differs && !r->is_head) &&
                              header_check_is_right(&r->headers, r->expect);
        return is_right ? OUTCOME_OK : OUTCOME_EXPECT;
    }
    if (r->status >= 500)
        return r->headers.is_balancers ? OUTCOME_BALANCER_5XX : OUTCOME_STATUS_5XX;
    return r->status >= 400 ? OUTCOME_STATUS_4XX : OUTCOME_STATUS;
}

const char *response_instance(const struct response *r, size_t *length)
{
    if (!r->is_complete || !r->tail || !r->expect->has_instance || r->body_differs)
        return NULL;
    *length = r->tail_bytes - r->expect->after_bytes;
    return r->tail;
}

/* In order of arrival: status, headers, body. */
const char *response_cause(const struct response *r)
{
    if (!r->is_complete)
        return r->cause;
    if (!plan_expects_status(r->expect, r->status))
        return redirect_is_status(r->status) && r->known && r->known->redirect.sentence[0]
                   ? r->known->redirect.sentence
                   : "unexpected status";
    return header_check_is_right(&r->headers, r->expect) ? "body is not as expected"
                                                         : "header is not as expected";
}
