/* Reads a Set-Cookie field (RFC 6265 section 5.2). */
#ifndef ENGINE_COOKIE_PARSE_H
#define ENGINE_COOKIE_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cookie_text {
    const char *at;
    size_t n_bytes;
};

struct cookie_field {
    struct cookie_text name, value;
    struct cookie_text domain; /* without a leading dot; empty: none */
    struct cookie_text path;   /* begins with a slash; empty: the default path */
    int64_t expires_s;         /* since the epoch; INT64_MAX: with the session; <= now: at once */
    bool is_secure;
};

/* Parts point into the field. False: there is no cookie in it. */
bool cookie_parse(const char *field, size_t n_bytes, int64_t now_s, struct cookie_field *out);

#endif
