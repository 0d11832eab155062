/* Checks a response's fields as RFC 9113 section 8.1.1 demands, one by one as they are decoded: pseudo-header
 * fields, names, values, content-length, fields that only HTTP/1.1 has. Allocates nothing. */
#ifndef ENGINE_HTTP2_HEAD_H
#define ENGINE_HTTP2_HEAD_H

#include <nghttp2/nghttp2.h>
#include <stdbool.h>
#include <stdint.h>

struct http2_head {
    uint16_t status;       /* 0: none yet */
    uint64_t length_bytes; /* content-length; UINT64_MAX: none */
    bool is_trailers;
    bool has_regular; /* no pseudo-header field may follow */
};

/* Of the head of a response. */
static inline struct http2_head http2_head_begin(void)
{
    return (struct http2_head){ .length_bytes = UINT64_MAX };
}

/* Of the trailers behind a body whose length was given as `length_bytes`. */
static inline struct http2_head http2_head_trailers(uint16_t status, uint64_t length_bytes)
{
    return (struct http2_head){ .status = status, .length_bytes = length_bytes, .is_trailers = true };
}

static inline bool http2_head_is_interim(const struct http2_head *head)
{
    return head->status / 100 == 1;
}

/* NULL: the field is right; else why it is not, a constant string. */
const char *http2_head_field(struct http2_head *head, const nghttp2_nv *field);
/* All fields have come. */
const char *http2_head_end(const struct http2_head *head, bool is_last);

#endif
