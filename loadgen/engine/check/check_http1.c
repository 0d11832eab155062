/* One request and its response over HTTP/1.1. */
#include "check_parts.h"

#include "clock.h"
#include "http1.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* Both responses are read from the same bytes. */
struct readers {
    struct check_responses responses;
    struct http1 real, shown;
};

/* Keeps the head for people: up to the first empty line. */
static void keep_head(struct check *c, const char *bytes, size_t n)
{
    const char *end = memmem(c->head, c->head_bytes, "\r\n\r\n", 4);
    const size_t room = sizeof c->head - c->head_bytes;
    if (end)
        return;
    memcpy(c->head + c->head_bytes, bytes, n < room ? n : room);
    c->head_bytes += n < room ? n : room;
}

static enum http1_state feed(struct check *c, struct readers *r, const char *bytes, size_t n)
{
    size_t used;
    keep_head(c, bytes, n);
    http1_feed(&r->shown, bytes, n, &used);
    return http1_feed(&r->real, bytes, n, &used);
}

static struct check_result receive(struct check *c, struct readers *r, uint64_t until_ns)
{
    const struct response *real = &r->responses.real.response;
    while (clock_monotonic_ns() < until_ns) { /* although bytes may arrive all the time */
        const ssize_t n = c->transport.read(&c->sock, c->read, sizeof c->read);
        if (n > 0) {
            const enum http1_state state = feed(c, r, c->read, (size_t)n);
            if (state == HTTP1_BROKEN)
                return check_failed(OUTCOME_PROTOCOL, response_cause(real));
            if (state == HTTP1_DONE)
                return check_verdict(real);
        } else if (n == TRANSPORT_END && http1_end(&r->real) == HTTP1_DONE) {
            return check_verdict(real);
        } else if (n != TRANSPORT_WANT_READ && n != TRANSPORT_WANT_WRITE) {
            return check_lost(c, n);
        } else if (!check_wait(c, c->sock.fd, n == TRANSPORT_WANT_WRITE ? POLLOUT : POLLIN, until_ns)) {
            break;
        }
    }
    return check_too_late(c);
}

static struct check_result exchange(struct check *c, struct readers *r, const char *message, size_t length)
{
    const uint64_t until_ns = clock_monotonic_ns() + c->stream->timeout_ns;
    struct check_result result = check_send(c, message, length, until_ns);
    if (result.outcome == OUTCOME_OK)
        result = receive(c, r, until_ns);
    if (!outcome_is_answer(result.outcome) || !r->real.keeps_alive)
        check_close(c);
    return result;
}

/* Whether the peer has closed a connection that was kept. */
static bool has_ended(const struct check *c)
{
    struct pollfd p = { .fd = c->sock.fd, .events = POLLIN | POLLRDHUP };
    return poll(&p, 1, 0) > 0;
}

struct check_result check_http1(struct check *c, const char *message, size_t length, bool is_head)
{
    struct readers *r = calloc(1, sizeof *r);
    if (!r || check_responses_init(c, &r->responses)) {
        free(r);
        return check_failed(OUTCOME_CONNECT, "out of memory");
    }
    http1_init(&r->real, &r->responses.real.response, NULL);
    http1_init(&r->shown, &r->responses.shown.response, NULL);
    http1_begin(&r->real, is_head);
    http1_begin(&r->shown, is_head);
    if (c->is_open && has_ended(c))
        check_close(c);
    struct check_result result = c->is_open ? check_failed(OUTCOME_OK, NULL) : check_open(c);
    if (result.outcome == OUTCOME_OK)
        result = exchange(c, r, message, length);
    else
        check_close(c);
    check_responses_fini(&r->responses);
    free(r);
    return result;
}
