#include "probe.h"

#include "clock.h"
#include "endpoints.h"
#include "err.h"
#include "round_trip.h"
#include "units.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ADDRESSES_MOST = 64, /* of all endpoints: more are left out */
    ANSWER_MOST_S = 3,
    LOOK_MS = 50,
};

/* A connection on its way. */
struct attempt {
    const struct address *address;
    int error; /* an errno; EINPROGRESS until it is known */
};

struct probe {
    struct attempt attempts[ADDRESSES_MOST];
    struct pollfd sockets[ADDRESSES_MOST]; /* a descriptor below 0 has its answer */
    nfds_t n;
};

static void begin(struct probe *p, const struct endpoint *endpoint, const struct address *address)
{
    int status = 0;
    const int fd = round_trip_connect(endpoint->target, address, &status);
    const int error = fd < 0 || status < 0 ? errno : status == 0 ? EINPROGRESS : 0;
    p->attempts[p->n] = (struct attempt){ address, error };
    p->sockets[p->n++] = (struct pollfd){ .fd = error == EINPROGRESS ? fd : -1, .events = POLLOUT };
    if (fd >= 0 && error != EINPROGRESS)
        close(fd);
}

static void begin_all(struct probe *p, const struct endpoints *endpoints)
{
    for (uint32_t i = 0; i < endpoints->n; i++) {
        const struct address_set *set = addresses_now(&endpoints->list[i].addresses);
        for (uint32_t k = 0; k < set->n && p->n < ADDRESSES_MOST; k++)
            begin(p, &endpoints->list[i], &set->list[k]);
    }
}

/* False once every attempt has its answer. */
static bool look(struct probe *p)
{
    bool is_waiting = false;
    for (nfds_t i = 0; i < p->n; i++) {
        struct pollfd *socket = &p->sockets[i];
        socklen_t length = sizeof p->attempts[i].error;
        if (socket->fd >= 0 && socket->revents) {
            if (getsockopt(socket->fd, SOL_SOCKET, SO_ERROR, &p->attempts[i].error, &length))
                p->attempts[i].error = errno;
            close(socket->fd);
            socket->fd = -1;
        }
        is_waiting |= socket->fd >= 0;
    }
    return is_waiting;
}

static void close_all(struct probe *p)
{
    for (nfds_t i = 0; i < p->n; i++)
        if (p->sockets[i].fd >= 0)
            close(p->sockets[i].fd);
}

enum { NAME_BYTES = 96 };

/* "10.0.1.7:80", "[::1]:80" or the path of a socket; returns `out`. */
static const char *name_of(const struct address *address, char out[NAME_BYTES])
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)&address->sockaddr;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)&address->sockaddr;
    if (address->sockaddr.ss_family == AF_INET)
        snprintf(out, NAME_BYTES, "%s:%u", address->text, ntohs(v4->sin_port));
    else if (address->sockaddr.ss_family == AF_INET6)
        snprintf(out, NAME_BYTES, "[%s]:%u", address->text, ntohs(v6->sin6_port));
    else
        snprintf(out, NAME_BYTES, "%s", address->text);
    return out;
}

static int judge(const struct probe *p, struct err *e)
{
    char name[NAME_BYTES];
    for (nfds_t i = 0; i < p->n; i++) {
        const struct attempt *a = &p->attempts[i];
        if (a->error == EINPROGRESS)
            return err_set(e, ERR_INPUT, "%s does not answer (timed out after %d s)",
                           name_of(a->address, name), ANSWER_MOST_S);
        if (a->error)
            return err_set(e, ERR_INPUT, "%s does not answer (%s)", name_of(a->address, name),
                           strerror(a->error));
    }
    return 0;
}

int probe_endpoints(const struct endpoints *endpoints, const atomic_int *stop, struct err *e)
{
    struct probe p = { .n = 0 };
    const uint64_t until_ns = clock_monotonic_ns() + ANSWER_MOST_S * NS_PER_S;
    begin_all(&p, endpoints);
    while (look(&p) && clock_monotonic_ns() < until_ns && !*stop)
        poll(p.sockets, p.n, LOOK_MS);
    close_all(&p);
    return *stop ? 0 : judge(&p, e);
}
