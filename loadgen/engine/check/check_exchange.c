/* One request and its response on a blocking connection. */
#include "check_parts.h"

#include "clock.h"
#include "err.h"
#include "first_lookup.h"
#include "http1.h"
#include "round_trip.h"
#include "units.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOK_MS = 50 };

static struct check_result failed(enum outcome outcome, const char *cause)
{
    return (struct check_result){ .outcome = outcome, .cause = cause };
}

static bool is_stopped(const struct check *c)
{
    return c->params->stop && *c->params->stop;
}

/* False when the time is over, or the check is stopped. */
static bool wait_for(const struct check *c, int fd, short events, uint64_t until_ns)
{
    struct pollfd p = { .fd = fd, .events = events };
    while (!is_stopped(c) && clock_monotonic_ns() < until_ns)
        if (poll(&p, 1, LOOK_MS) > 0)
            return true;
    return false;
}

void check_close(struct check *c)
{
    if (!c->is_open)
        return;
    c->transport.stop(&c->transport, &c->sock);
    close(c->sock.fd);
    c->is_open = false;
}

/* How connecting ended: 0, or an errno. */
static int pending_error(int fd)
{
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? errno : error;
}

/* 0 when connected, else an errno. */
static int connect_to(struct check *c, const struct address *address, uint64_t until_ns)
{
    int status, error = 0;
    const int fd = round_trip_connect(c->target, address, &status);
    if (fd < 0 || status < 0)
        error = errno;
    else if (status == 0)
        error = wait_for(c, fd, POLLOUT, until_ns) ? pending_error(fd) : ETIMEDOUT;
    if (error == 0)
        c->sock = (struct sock){ .fd = fd };
    else if (fd >= 0)
        close(fd);
    return error;
}

static struct check_result shake_hands(struct check *c, uint64_t until_ns)
{
    for (;;) {
        const int got = c->transport.start(&c->transport, &c->sock);
        if (got == 1)
            return failed(OUTCOME_OK, NULL);
        if (got != TRANSPORT_WANT_READ && got != TRANSPORT_WANT_WRITE)
            return failed(OUTCOME_TLS, c->sock.cause ? c->sock.cause : "closed during the handshake");
        if (!wait_for(c, c->sock.fd, got == TRANSPORT_WANT_READ ? POLLIN : POLLOUT, until_ns))
            return failed(OUTCOME_TLS, "handshake timed out");
    }
}

/* Tries the target's addresses one after the other. */
static struct check_result open_connection(struct check *c)
{
    struct err e = { 0 };
    struct lookup_answer found = { 0 };
    int error = EADDRNOTAVAIL;
    const uint64_t until_ns = clock_monotonic_ns() + c->stream->connect_timeout_ns;
    if (first_lookup_ask(c->target, c->params->stop, &found, &e)) {
        snprintf(c->trouble, sizeof c->trouble, "%.255s", e.text);
        return failed(OUTCOME_DNS, c->trouble);
    }
    for (uint32_t i = 0; i < found.set->n && error; i++)
        error = connect_to(c, &found.set->list[i], until_ns);
    address_set_free(found.set);
    if (error)
        return failed(OUTCOME_CONNECT, transport_errno_text(error));
    c->is_open = true;
    return shake_hands(c, until_ns);
}

static struct check_result lost(const struct check *c, ssize_t got)
{
    return failed(got == TRANSPORT_TLS_FAILED ? OUTCOME_TLS : OUTCOME_RESET,
                  got == TRANSPORT_END ? "connection closed by the peer"
                  : c->sock.cause      ? c->sock.cause
                                       : "connection failed");
}

static struct check_result send_all(struct check *c, const char *bytes, size_t length, uint64_t until_ns)
{
    while (length > 0) {
        const ssize_t n = c->transport.write(&c->sock, bytes, length);
        if (n > 0) {
            bytes += n;
            length -= (size_t)n;
        } else if (n != TRANSPORT_WANT_READ && n != TRANSPORT_WANT_WRITE) {
            return lost(c, n);
        } else if (!wait_for(c, c->sock.fd, n == TRANSPORT_WANT_READ ? POLLIN : POLLOUT, until_ns)) {
            return failed(OUTCOME_TIMEOUT, "the request could not be sent in time");
        }
    }
    return failed(OUTCOME_OK, NULL);
}

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

/* Both responses are read from the same bytes. */
struct parsers {
    struct response real, shown;
    struct http1 read_real, read_shown;
};

static enum http1_state feed(struct check *c, struct parsers *p, const char *bytes, size_t n)
{
    size_t used;
    keep_head(c, bytes, n);
    http1_feed(&p->read_shown, bytes, n, &used);
    return http1_feed(&p->read_real, bytes, n, &used);
}

static struct check_result verdict(const struct parsers *p)
{
    const enum outcome outcome = response_outcome(&p->real);
    return (struct check_result){ outcome, outcome == OUTCOME_OK ? NULL : response_cause(&p->real),
                                  p->real.status };
}

static struct check_result receive(struct check *c, struct parsers *p, uint64_t until_ns)
{
    for (;;) {
        const ssize_t n = c->transport.read(&c->sock, c->read, sizeof c->read);
        if (n > 0) {
            const enum http1_state state = feed(c, p, c->read, (size_t)n);
            if (state == HTTP1_BROKEN)
                return failed(OUTCOME_PROTOCOL, response_cause(&p->real));
            if (state == HTTP1_DONE)
                return verdict(p);
        } else if (n == TRANSPORT_END && http1_end(&p->read_real) == HTTP1_DONE) {
            return verdict(p);
        } else if (n != TRANSPORT_WANT_READ && n != TRANSPORT_WANT_WRITE) {
            return lost(c, n);
        } else if (!wait_for(c, c->sock.fd, n == TRANSPORT_WANT_WRITE ? POLLOUT : POLLIN, until_ns)) {
            return failed(OUTCOME_TIMEOUT, is_stopped(c) ? "interrupted" : "no complete response in time");
        }
    }
}

static struct check_result exchange(struct check *c, struct parsers *p, const char *message, size_t length)
{
    const uint64_t until_ns = clock_monotonic_ns() + c->stream->timeout_ns;
    struct check_result r = send_all(c, message, length, until_ns);
    if (r.outcome == OUTCOME_OK)
        r = receive(c, p, until_ns);
    if (!outcome_is_answer(r.outcome) || !p->read_real.keeps_alive)
        check_close(c);
    return r;
}

/* Whether the peer has closed a connection that was kept. */
static bool has_ended(struct check *c)
{
    struct pollfd p = { .fd = c->sock.fd, .events = POLLIN | POLLRDHUP };
    return poll(&p, 1, 0) > 0;
}

struct check_result check_exchange(struct check *c, const char *message, size_t length, bool is_head)
{
    const struct session_step *step = &c->stream->session->steps[c->course.step];
    struct parsers *p = calloc(1, sizeof *p);
    char *tail = calloc(1, response_tail_bytes(&step->expect) + 1);
    struct check_result r = failed(OUTCOME_CONNECT, "out of memory");
    c->head_bytes = 0;
    if (p && tail) {
        if (c->is_open && has_ended(c))
            check_close(c);
        r = c->is_open ? failed(OUTCOME_OK, NULL) : open_connection(c);
        answer_begin(&c->answer, c->looks[c->course.step]);
        answer_begin(&c->shown, c->shown_look);
        response_init(&p->real, &step->expect, tail, NULL);
        response_init(&p->shown, &c->shown_step.expect, NULL, NULL);
        p->real.answer = &c->answer;
        p->shown.answer = &c->shown;
        http1_init(&p->read_real, &p->real, NULL);
        http1_init(&p->read_shown, &p->shown, NULL);
        http1_begin(&p->read_real, is_head);
        http1_begin(&p->read_shown, is_head);
    }
    if (r.outcome == OUTCOME_OK)
        r = exchange(c, p, message, length);
    else
        check_close(c);
    free(tail);
    free(p);
    return r;
}
