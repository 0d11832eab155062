#include "http1_parts.h"

static enum http1_state feed_chunks(struct http1 *h, const char **at, const char *end)
{
    const char *data;
    size_t length;
    for (;;)
        switch (chunks_eat(&h->chunks, at, end, &data, &length)) {
        case CHUNKS_DATA:
            response_body(h->response, data, length);
            break;
        case CHUNKS_DONE:
            return http1_complete(h);
        case CHUNKS_BROKEN:
            return http1_broken(h, h->chunks.cause);
        default:
            return HTTP1_MORE;
        }
}

static enum http1_state feed_length(struct http1 *h, const char **at, const char *end)
{
    const uint64_t left = h->length_bytes - h->response->body_bytes;
    const size_t there = (size_t)(end - *at);
    const size_t n = there < left ? there : (size_t)left;
    response_body(h->response, *at, n);
    *at += n;
    return n == left ? http1_complete(h) : HTTP1_MORE;
}

enum http1_state http1_feed_body(struct http1 *h, const char **at, const char *end)
{
    switch ((enum http1_part)h->part) {
    case HTTP1_BODY_OF_LENGTH:
        return feed_length(h, at, end);
    case HTTP1_BODY_OF_CHUNKS:
        return feed_chunks(h, at, end);
    case HTTP1_BODY_TO_END:
        response_body(h->response, *at, (size_t)(end - *at));
        *at = end;
        return HTTP1_MORE;
    default:
        return http1_complete(h);
    }
}
