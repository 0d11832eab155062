/* The blocking connection of a check. */
#include "check_parts.h"

#include "clock.h"
#include "err.h"
#include "first_lookup.h"
#include "round_trip.h"
#include "units.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOK_MS = 50 };

struct check_result check_failed(enum outcome outcome, const char *cause)
{
    return (struct check_result){ .outcome = outcome, .cause = cause };
}

bool check_is_stopped(const struct check *c)
{
    return c->params->stop && *c->params->stop;
}

struct check_result check_verdict(const struct response *r)
{
    const enum outcome outcome = response_outcome(r);
    return (struct check_result){ outcome, outcome == OUTCOME_OK ? NULL : response_cause(r), r->status };
}

struct check_result check_too_late(const struct check *c)
{
    return check_failed(OUTCOME_TIMEOUT,
                        check_is_stopped(c) ? "interrupted" : "no complete response in time");
}

bool check_wait(const struct check *c, int fd, short events, uint64_t until_ns)
{
    struct pollfd p = { .fd = fd, .events = events };
    while (!check_is_stopped(c) && clock_monotonic_ns() < until_ns)
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
        error = check_wait(c, fd, POLLOUT, until_ns) ? pending_error(fd) : ETIMEDOUT;
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
            return check_failed(OUTCOME_OK, NULL);
        if (got != TRANSPORT_WANT_READ && got != TRANSPORT_WANT_WRITE)
            return check_failed(OUTCOME_TLS, c->sock.cause ? c->sock.cause : "closed during the handshake");
        if (!check_wait(c, c->sock.fd, got == TRANSPORT_WANT_READ ? POLLIN : POLLOUT, until_ns))
            return check_failed(OUTCOME_TLS, "handshake timed out");
    }
}

/* Tries the target's addresses one after the other. */
struct check_result check_open(struct check *c)
{
    struct err e = { 0 };
    struct lookup_answer found = { 0 };
    int error = EADDRNOTAVAIL;
    const uint64_t until_ns = clock_monotonic_ns() + c->stream->connect_timeout_ns;
    if (first_lookup_ask(c->target, c->params->stop, &found, &e)) {
        snprintf(c->trouble, sizeof c->trouble, "%.255s", e.text);
        return check_failed(OUTCOME_DNS, c->trouble);
    }
    for (uint32_t i = 0; i < found.set->n && error; i++)
        error = connect_to(c, &found.set->list[i], until_ns);
    address_set_free(found.set);
    if (error)
        return check_failed(OUTCOME_CONNECT, transport_errno_text(error));
    c->is_open = true;
    return shake_hands(c, until_ns);
}

struct check_result check_lost(const struct check *c, ssize_t got)
{
    return check_failed(got == TRANSPORT_TLS_FAILED ? OUTCOME_TLS : OUTCOME_RESET,
                        got == TRANSPORT_END ? "connection closed by the peer"
                        : c->sock.cause      ? c->sock.cause
                                             : "connection failed");
}

struct check_result check_send(struct check *c, const char *bytes, size_t length, uint64_t until_ns)
{
    while (length > 0) {
        const ssize_t n = c->transport.write(&c->sock, bytes, length);
        if (n > 0) {
            bytes += n;
            length -= (size_t)n;
        } else if (n != TRANSPORT_WANT_READ && n != TRANSPORT_WANT_WRITE) {
            return check_lost(c, n);
        } else if (!check_wait(c, c->sock.fd, n == TRANSPORT_WANT_READ ? POLLIN : POLLOUT, until_ns)) {
            return check_failed(OUTCOME_TIMEOUT, "the request could not be sent in time");
        }
    }
    return check_failed(OUTCOME_OK, NULL);
}
