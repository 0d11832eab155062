#include "http1_parts.h"

#include <string.h>

/* Remembers the header block of a response that arrived whole, in one read. */
static void remember(struct http1 *h, const char *data, size_t used_bytes)
{
    const struct response *r = h->response;
    struct http1_known *k = h->known;
    if (r->is_head || response_is_bodiless(r->status) || !response_is_knowable(r) ||
        h->length_bytes > used_bytes)
        return;
    const size_t head_bytes = used_bytes - (size_t)h->length_bytes;
    if (head_bytes > sizeof k->head)
        return;
    memcpy(k->head, data, head_bytes);
    k->head_bytes = head_bytes;
    k->body_bytes = h->length_bytes;
    k->status = r->status;
    k->keeps_alive = h->keeps_alive;
    k->coding = response_coding(r);
}

/* Takes a whole response whose header block is the known one; false when the bytes are anything else. */
static bool take_known(struct http1 *h, const char **at, const char *end)
{
    const struct http1_known *k = h->known;
    struct response *r = h->response;
    const size_t length_bytes = (size_t)(end - *at);
    if (k->head_bytes == 0 || r->is_head || length_bytes < k->head_bytes ||
        length_bytes - k->head_bytes < k->body_bytes || memcmp(*at, k->head, k->head_bytes) != 0)
        return false;
    h->keeps_alive = k->keeps_alive;
    response_known_head(r, k->status, k->coding);
    response_body(r, *at + k->head_bytes, (size_t)k->body_bytes);
    http1_complete(h);
    *at += k->head_bytes + (size_t)k->body_bytes;
    return true;
}

size_t http1_blank_bytes(const char *data, size_t length_bytes)
{
    size_t n = 0;
    while (n < length_bytes && (data[n] == '\r' || data[n] == '\n'))
        n++;
    return n;
}

static enum http1_state feed_part(struct http1 *h, const char **at, const char *end)
{
    if (h->part == HTTP1_BEGINS) {
        *at += http1_blank_bytes(*at, (size_t)(end - *at));
        if (*at == end)
            return HTTP1_MORE;
        http1_begin_head(h);
    }
    return h->part == HTTP1_HEAD ? http1_feed_head(h, at, end) : http1_feed_body(h, at, end);
}

/* The last byte may end one part, and the next part may need none. */
static enum http1_state feed_parts(struct http1 *h, const char **at, const char *end)
{
    enum http1_state state;
    uint8_t part;
    do {
        part = h->part;
        state = feed_part(h, at, end);
    } while (state == HTTP1_MORE && (*at < end || h->part != part));
    return state;
}

/* A response from its first byte on: tries the known header block, then parses. */
static enum http1_state feed_whole(struct http1 *h, const char **at, const char *end)
{
    const char *begin = *at;
    h->has_begun = true;
    if (h->known && take_known(h, at, end))
        return HTTP1_DONE;
    const enum http1_state state = feed_parts(h, at, end);
    if (h->known && state == HTTP1_DONE)
        remember(h, begin, (size_t)(*at - begin));
    return state;
}

enum http1_state http1_feed(struct http1 *h, const char *data, size_t length_bytes, size_t *used)
{
    const char *at = data;
    const char *end = data + length_bytes;
    enum http1_state state = HTTP1_MORE;
    if (h->has_begun)
        state = feed_parts(h, &at, end);
    else if ((at += http1_blank_bytes(data, length_bytes)) < end)
        state = feed_whole(h, &at, end);
    if (state == HTTP1_MORE)
        response_pause(h->response);
    *used = (size_t)(at - data);
    return state;
}

enum http1_state http1_end(struct http1 *h)
{
    if (h->part == HTTP1_BODY_TO_END)
        http1_complete(h);
    h->keeps_alive = false;
    return h->has_begun && h->response->is_complete ? HTTP1_DONE : HTTP1_MORE;
}
