#include "hop.h"

#include "plan.h"
#include "reference.h"

#include <stdlib.h>
#include <string.h>

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
        if (rest.n >= 5 && strncasecmp(rest.bytes, "host:", 5) == 0)
            return span_trimmed(span_until(span_after(rest, 5), "\r\n"));
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

static const char *keep(struct hop *hop, const struct target_writer *w)
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

static bool has_controls(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.bytes[i] < ' ')
            return true;
    return false;
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
    const struct span text = span_trimmed((struct span){ location, location_bytes });
    char bytes[HOP_TARGET_BYTES_MOST];
    struct target_writer w = { .bytes = bytes, .room = sizeof bytes };

    if (has_controls(text))
        return "the redirect's Location holds control characters";
    const struct reference r = reference_of(text);
    const char *cause = differs(target, sent, &r);
    if (cause)
        return cause;
    const struct reference base = reference_of_target(
        hop->n > 0 ? (struct span){ hop->target, hop->target_bytes } : request_target(sent));
    reference_resolve(&r, &base, &w);
    if ((cause = keep(hop, &w)) != NULL)
        return cause;
    hop->n++;
    hop->is_get = hop->is_get || becomes_get(status, request_method(sent));
    return NULL;
}

void hop_fini(struct hop *hop)
{
    free(hop->target);
    *hop = (struct hop){ .target = NULL };
}
