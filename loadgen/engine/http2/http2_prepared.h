/* The header blocks of constant requests, encoded once before a run. A connection sends `first` once: it adds
 * the fields that all the requests have to the peer's table; then `next`, which refers to them: a GET takes
 * five bytes or so. `plain` adds nothing and refers to nothing, for peers whose table is too small. Read by
 * all threads. */
#ifndef ENGINE_HTTP2_PREPARED_H
#define ENGINE_HTTP2_PREPARED_H

#include "http2.h"

struct http2_prepared_block {
    unsigned char *bytes; /* owned */
    size_t n_bytes;
};

struct http2_prepared {
    const void *set; /* the same for requests prepared together */
    struct http2_prepared_block first, next, plain;
};

/* Prepares the requests of one stream, which share its connections; of each, only the fields are read, and
 * one without fields is left out. Returns an array of `n`, owned by the caller; NULL when memory is short. */
struct http2_prepared *http2_prepare(const struct http2_request *requests, size_t n);
/* Accepts NULL. */
void http2_prepared_free(struct http2_prepared *prepared, size_t n);

#endif
