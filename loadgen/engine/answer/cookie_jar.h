/* The cookies of one user (RFC 6265 section 5): what a server sets comes back in later requests to the paths
 * it is for. One block of memory, which grows and is kept when the jar is emptied; at most 50 cookies of
 * 4 KiB. There is no list of public suffixes: a Domain must be that of the host or above it. */
#ifndef ENGINE_COOKIE_JAR_H
#define ENGINE_COOKIE_JAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    COOKIES_MOST = 50,
    COOKIE_BYTES_MOST = 4096, /* name and value; the path and the domain have the same limit */
};

/* Whom the requests of a stream go to. */
struct cookie_origin {
    const char *host; /* borrowed, in lower case */
    size_t host_bytes;
    bool is_secure;  /* https */
    bool is_address; /* an IP address, which has no domains above it */
};

/* All zero: empty. */
struct cookie_jar {
    char *bytes; /* the default path of the request under way, then the cookies in the order they came */
    uint32_t n_bytes, room_bytes;
    uint16_t path_bytes;
    uint16_t n_cookies;
};

enum cookie_result {
    COOKIE_KEPT,    /* set, replaced or removed */
    COOKIE_IGNORED, /* malformed, or expired before it was there */
    COOKIE_FOREIGN, /* its Domain is not ours, or it wants https and this is http */
    COOKIE_TOO_LONG,
    COOKIE_JAR_FULL, /* or memory is short */
};

/* `host` is borrowed for as long as the origin is used. */
void cookie_origin_init(struct cookie_origin *origin, const char *host, bool is_secure);

void cookie_jar_fini(struct cookie_jar *jar);
/* Forgets all cookies. */
void cookie_jar_empty(struct cookie_jar *jar);

/* To be called for each request that is sent: writes the value of its Cookie field ("a=b; c=d") and returns
 * its length, 0 for none. `path`: that of the request, from its slash on, with or without a query. `room`
 * bytes are enough when they are at least cookie_jar_bytes_most. `now_s`: since the epoch. */
size_t cookie_jar_write(struct cookie_jar *jar, const char *path, size_t path_bytes, int64_t now_s, char *out,
                        size_t room);
size_t cookie_jar_bytes_most(const struct cookie_jar *jar);

/* Takes the value of a Set-Cookie field of the answer to the request written last. */
enum cookie_result cookie_jar_set(struct cookie_jar *jar, const struct cookie_origin *origin,
                                  const char *field, size_t n_bytes, int64_t now_s);

#endif
