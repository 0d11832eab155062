#include "hop.h"

#include "plan.h"
#include "redirect.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A stretch of bytes of another text. */
struct span {
    const char *bytes;
    size_t n;
};

/* A reference taken apart (RFC 3986 appendix B); the fragment is no part of a request. */
struct reference {
    struct span scheme, authority, path, query; /* without ':', "//", '?' */
    bool has_scheme, has_authority, has_query;
};

static struct span span_until(struct span text, const char *ends)
{
    size_t n = 0;
    while (n < text.n && !strchr(ends, text.bytes[n]))
        n++;
    return (struct span){ text.bytes, n };
}

static struct span span_after(struct span text, size_t n)
{
    return (struct span){ text.bytes + n, text.n - n };
}

static bool span_is(struct span s, const char *text)
{
    return s.n == strlen(text) && strncasecmp(s.bytes, text, s.n) == 0;
}

static bool begins_scheme(struct span word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] = "0123456789+-.";
    if (word.n == 0 || !strchr(letters, word.bytes[0]))
        return false;
    for (size_t i = 0; i < word.n; i++)
        if (!strchr(letters, word.bytes[i]) && !strchr(others, word.bytes[i]))
            return false;
    return true;
}

static struct reference take_apart(struct span text)
{
    struct reference r = { .has_scheme = false };
    text = span_until(text, "#");
    const struct span word = span_until(text, ":/?");
    if (word.n < text.n && text.bytes[word.n] == ':' && begins_scheme(word)) {
        r.has_scheme = true;
        r.scheme = word;
        text = span_after(text, word.n + 1);
    }
    if (text.n >= 2 && memcmp(text.bytes, "//", 2) == 0) {
        r.has_authority = true;
        r.authority = span_until(span_after(text, 2), "/?");
        text = span_after(text, 2 + r.authority.n);
    }
    r.path = span_until(text, "?");
    r.has_query = r.path.n < text.n;
    r.query = r.has_query ? span_after(text, r.path.n + 1) : (struct span){ text.bytes, 0 };
    return r;
}

/* An authority's host and port; the scheme's port when it names none. False: it is malformed. */
static bool take_host(struct span authority, bool is_tls, struct span *host, unsigned *port)
{
    const char *bracket =
        authority.n > 0 && authority.bytes[0] == '[' ? memchr(authority.bytes, ']', authority.n) : NULL;
    const size_t n_host = bracket ? (size_t)(bracket - authority.bytes) + 1 : span_until(authority, ":").n;
    *host = (struct span){ authority.bytes, n_host };
    *port = is_tls ? 443 : 80;
    if (n_host == authority.n)
        return n_host > 0;
    struct span digits = span_after(authority, n_host + 1);
    if (n_host == 0 || authority.bytes[n_host] != ':' || digits.n > 5)
        return false;
    if (digits.n > 0)
        *port = 0;
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.bytes[i] < '0' || digits.bytes[i] > '9')
            return false;
        *port = *port * 10 + (unsigned)(digits.bytes[i] - '0');
    }
    return true;
}

/* The value of the request's Host: the name by which the client knows the server. */
static struct span host_of_request(struct span request)
{
    const char *line = memchr(request.bytes, '\n', request.n);
    while (line) {
        const struct span rest = span_after(request, (size_t)(line + 1 - request.bytes));
        if (rest.n >= 5 && strncasecmp(rest.bytes, "host:", 5) == 0) {
            struct span value = span_until(span_after(rest, 5), "\r\n");
            while (value.n > 0 && *value.bytes == ' ')
                value = span_after(value, 1);
            return value;
        }
        if (rest.n == 0 || rest.bytes[0] == '\r')
            break;
        line = memchr(rest.bytes, '\n', rest.n);
    }
    return (struct span){ "", 0 };
}

static bool is_target_host(const struct plan_target *target, struct span host)
{
    struct span bare = host;
    if (host.n >= 2 && host.bytes[0] == '[')
        bare = (struct span){ host.bytes + 1, host.n - 2 };
    return target->host && span_is(bare, target->host);
}

/* NULL: it is the server that the request was sent to. */
static const char *differs(const struct plan_target *target, struct span request, const struct reference *r)
{
    struct span host, known;
    unsigned port, known_port;
    if (r->has_scheme && !span_is(r->scheme, target->tls ? "https" : "http"))
        return "the redirect leads to another scheme";
    if (!r->has_authority)
        return r->has_scheme ? "the redirect's Location names no host" : NULL;
    if (!take_host(r->authority, target->tls, &host, &port))
        return "the redirect's Location names no host";
    if (take_host(host_of_request(request), target->tls, &known, &known_port) && known.n == host.n &&
        strncasecmp(known.bytes, host.bytes, host.n) == 0 && port == known_port)
        return NULL;
    if (!is_target_host(target, host))
        return "the redirect leads to another host";
    return port == target->port ? NULL : "the redirect leads to another port";
}

/* A target under construction. */
struct writer {
    char bytes[HOP_TARGET_BYTES_MOST];
    size_t n;
    bool is_full;
};

static void put(struct writer *w, char c)
{
    if (w->n == sizeof w->bytes)
        w->is_full = true;
    else
        w->bytes[w->n++] = c;
}

/* Blanks and bytes beyond ASCII, which servers do send, become what they stand for. */
static void put_span(struct writer *w, struct span s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.bytes[i];
        if (c > ' ' && c < 127) {
            put(w, s.bytes[i]);
        } else {
            put(w, '%');
            put(w, hex[c >> 4]);
            put(w, hex[c & 15]);
        }
    }
}

/* Removes "." and ".." from the path that fills `w` (RFC 3986 section 5.2.4). It begins with a slash. */
static void remove_dots(struct writer *w)
{
    size_t out = 0;
    for (size_t at = 0; at < w->n;) {
        size_t end = at + 1;
        while (end < w->n && w->bytes[end] != '/')
            end++;
        const size_t n = end - at - 1;
        const bool is_dot = n == 1 && w->bytes[at + 1] == '.';
        const bool is_up = n == 2 && w->bytes[at + 1] == '.' && w->bytes[at + 2] == '.';
        if (is_up)
            while (out > 0 && w->bytes[--out] != '/')
                ;
        if (!is_dot && !is_up) {
            memmove(w->bytes + out, w->bytes + at, n + 1);
            out += n + 1;
        } else if (end == w->n) {
            w->bytes[out++] = '/';
        }
        at = end;
    }
    w->n = out;
}

static void put_path(struct writer *w, const struct reference *r, const struct reference *base)
{
    if (r->path.n == 0 && !r->has_authority) {
        put_span(w, base->path);
        return;
    }
    if (r->path.n > 0 && r->path.bytes[0] != '/') {
        const char *slash = memrchr(base->path.bytes, '/', base->path.n);
        put_span(w, (struct span){ base->path.bytes, slash ? (size_t)(slash - base->path.bytes) : 0 });
    }
    if (r->path.n == 0 || r->path.bytes[0] != '/')
        put(w, '/');
    put_span(w, r->path);
    remove_dots(w);
}

static void put_target(struct writer *w, const struct reference *r, const struct reference *base)
{
    put_path(w, r, base);
    const bool is_same_path = r->path.n == 0 && !r->has_authority;
    const struct reference *with_query = is_same_path && !r->has_query ? base : r;
    if (!with_query->has_query)
        return;
    put(w, '?');
    put_span(w, with_query->query);
}

static const char *keep(struct hop *hop, const struct writer *w)
{
    if (w->is_full)
        return "the redirect's Location is longer than 8 KiB";
    if (w->n > hop->room_bytes) {
        char *target = realloc(hop->target, w->n);
        if (!target)
            return "no memory for the redirect's Location";
        hop->target = target;
        hop->room_bytes = (uint32_t)w->n;
    }
    memcpy(hop->target, w->bytes, w->n);
    hop->target_bytes = (uint32_t)w->n;
    return NULL;
}

static struct span trimmed(struct span s)
{
    while (s.n > 0 && (s.bytes[0] == ' ' || s.bytes[0] == '\t'))
        s = span_after(s, 1);
    while (s.n > 0 && (s.bytes[s.n - 1] == ' ' || s.bytes[s.n - 1] == '\t'))
        s.n--;
    return s;
}

static bool has_controls(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.bytes[i] < ' ')
            return true;
    return false;
}

static struct span method_of(struct span request)
{
    return span_until(request, " \r\n");
}

static struct span target_of(struct span request)
{
    const size_t n = method_of(request).n;
    return n < request.n ? span_until(span_after(request, n + 1), " \r\n") : (struct span){ "", 0 };
}

/* A target taken apart: it has no authority, even when it begins with two slashes. */
static struct reference base_of(struct span target)
{
    const struct span path = span_until(target, "?");
    const bool has_query = path.n < target.n;
    return (struct reference){ .path = path,
                               .has_query = has_query,
                               .query = span_after(target, has_query ? path.n + 1 : path.n) };
}

/* A POST becomes a GET at 301 and 302, as in all browsers, and anything but HEAD at 303. */
static bool becomes_get(unsigned status, struct span method)
{
    if (status == 303)
        return !span_is(method, "HEAD");
    return (status == 301 || status == 302) && span_is(method, "POST");
}

const char *hop_follow(struct hop *hop, const struct plan_target *target, unsigned status,
                       const char *request, size_t request_bytes, const char *location, size_t location_bytes)
{
    const struct span sent = { request, request_bytes };
    const struct span text = trimmed((struct span){ location, location_bytes });
    const struct span from = hop->n > 0 ? (struct span){ hop->target, hop->target_bytes } : target_of(sent);
    struct writer w = { .n = 0, .is_full = false };

    if (has_controls(text))
        return "the redirect's Location holds control characters";
    const struct reference r = take_apart(text);
    const char *cause = differs(target, sent, &r);
    if (cause)
        return cause;
    const struct reference base = base_of(from);
    put_target(&w, &r, &base);
    if ((cause = keep(hop, &w)) != NULL)
        return cause;
    hop->n++;
    hop->is_get = hop->is_get || becomes_get(status, method_of(sent));
    return NULL;
}

void hop_fini(struct hop *hop)
{
    free(hop->target);
    *hop = (struct hop){ .target = NULL };
}

/* Headers that speak of a body that is not sent any more (RFC 9110 section 15.4). */
static bool is_of_body(struct span line)
{
    static const char *const names[] = { "content-",
                                         "transfer-encoding:", "expect:", "digest:", "last-modified:" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (line.n >= strlen(names[i]) && strncasecmp(line.bytes, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static char *copy(char *out, const char *bytes, size_t n)
{
    memcpy(out, bytes, n);
    return out + n;
}

/* The lines of the head without those of the body, and the empty line behind it. */
static char *copy_head_lines(char *out, struct span rest)
{
    while (rest.n > 0) {
        const char *end = memchr(rest.bytes, '\n', rest.n);
        const struct span line = { rest.bytes, end ? (size_t)(end - rest.bytes) + 1 : rest.n };
        if (!is_of_body(line))
            out = copy(out, line.bytes, line.n);
        if (line.n <= 2)
            break;
        rest = span_after(rest, line.n);
    }
    return out;
}

size_t hop_message(const struct hop *hop, const char *request, size_t request_bytes, char *out)
{
    const struct span sent = { request, request_bytes };
    const struct span method = method_of(sent);
    const struct span rest = span_after(sent, method.n + 1 + target_of(sent).n);
    char *end = hop->is_get ? copy(out, "GET", 3) : copy(out, method.bytes, method.n);
    end = copy(end, " ", 1);
    end = copy(end, hop->target, hop->target_bytes);
    end = hop->is_get ? copy_head_lines(end, rest) : copy(end, rest.bytes, rest.n);
    return (size_t)(end - out);
}
