/* A URL reference taken apart, and resolved against the request target in which it appeared (RFC 3986
 * sections 4.1 and 5.2). Its bytes stay where they are. */
#ifndef ENGINE_REFERENCE_H
#define ENGINE_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* A stretch of bytes of another text. */
struct span {
    const char *bytes;
    size_t n;
};

/* The parts without ':', "//" and '?'. The fragment is left out: it is no part of a request. */
struct reference {
    struct span scheme, authority, path, query;
    bool has_scheme, has_authority, has_query;
};

/* A request target under construction. */
struct target_writer {
    char *bytes;
    size_t room;
    size_t n;
    bool is_full; /* it had no room for some of the bytes */
};

struct reference reference_of(struct span text);
/* The path and query of a target, which has no authority even when it begins with two slashes. */
struct reference reference_of_target(struct span target);
/* Writes the path and query to which `r`, seen at `base`, leads. Blanks and bytes beyond ASCII are
 * percent-encoded. */
void reference_resolve(const struct reference *r, const struct reference *base, struct target_writer *w);

static inline struct span span_until(struct span text, const char *ends)
{
    size_t n = 0;
    while (n < text.n && !strchr(ends, text.bytes[n]))
        n++;
    return (struct span){ text.bytes, n };
}

static inline struct span span_after(struct span text, size_t n)
{
    return (struct span){ text.bytes + n, text.n - n };
}

static inline bool span_is(struct span s, const char *text)
{
    return s.n == strlen(text) && strncasecmp(s.bytes, text, s.n) == 0;
}

static inline struct span span_trimmed(struct span s)
{
    while (s.n > 0 && (s.bytes[0] == ' ' || s.bytes[0] == '\t'))
        s = span_after(s, 1);
    while (s.n > 0 && (s.bytes[s.n - 1] == ' ' || s.bytes[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/* Of a request whose bytes, from the request line on, are given. */
static inline struct span request_method(struct span request)
{
    return span_until(request, " ");
}
static inline struct span request_target(struct span request)
{
    return span_until(span_after(request, request_method(request).n + 1), " ");
}

#endif
