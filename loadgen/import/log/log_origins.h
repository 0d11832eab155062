/* The hosts that a log's requests went to, most of them to the same. */
#ifndef IMPORT_LOG_ORIGINS_H
#define IMPORT_LOG_ORIGINS_H

#include <stddef.h>
#include <stdint.h>

enum { LOG_ORIGINS_MOST = 256, LOG_ORIGIN_BYTES = 264 };

struct log_origins {
    struct log_origin {
        char text[LOG_ORIGIN_BYTES]; /* "https://HOST[:PORT]", in small letters, without a default port */
        uint64_t n;
    } list[LOG_ORIGINS_MOST];
    size_t n;
    uint64_t n_more; /* requests to others, when there are too many */
};

/* As they are compared and written; returns `out`, which is "" when it is too long. */
const char *log_origins_text(const char *origin, char out[static LOG_ORIGIN_BYTES]);
/* Counts a request. */
void log_origins_count(struct log_origins *o, const char *origin);
/* The most frequent; NULL when there is none. */
const char *log_origins_main(const struct log_origins *o);

#endif
