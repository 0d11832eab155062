#include "round_trip.h"

#include "clock.h"
#include "endpoints.h"
#include "round_trips.h"
#include "units.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ADDRESSES_MOST = 4, LOOK_MS = 50 };
#define CONNECT_MOST_NS NS_PER_S       /* an address that takes longer is left out */
#define TOTAL_MOST_NS   (2 * NS_PER_S) /* for all of them */

struct measurement {
    const atomic_int *stop;
    uint64_t deadline_ns;
};

static bool is_loopback(const struct sockaddr_storage *s)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)s;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)s;
    if (s->ss_family == AF_INET)
        return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return s->ss_family == AF_INET6 &&
           (IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) ||
            (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr) && v6->sin6_addr.s6_addr[12] == IN_LOOPBACKNET));
}

/* The first of the target's source addresses that is of this family. */
static void bind_source(int fd, const struct plan_target *target, int family)
{
    for (size_t i = 0; i < target->n_bind_addresses; i++) {
        struct sockaddr_in v4 = { .sin_family = AF_INET };
        struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
        const char *text = target->bind_addresses[i];
        if ((family == AF_INET && inet_pton(AF_INET, text, &v4.sin_addr) == 1 &&
             bind(fd, (const struct sockaddr *)&v4, sizeof v4) == 0) ||
            (family == AF_INET6 && inet_pton(AF_INET6, text, &v6.sin6_addr) == 1 &&
             bind(fd, (const struct sockaddr *)&v6, sizeof v6) == 0))
            return;
    }
}

static bool wait_connected(const struct measurement *m, int fd, uint64_t from_ns)
{
    struct pollfd p = { .fd = fd, .events = POLLOUT };
    int error = 0;
    socklen_t length = sizeof error;
    while (poll(&p, 1, LOOK_MS) <= 0) {
        const uint64_t now_ns = clock_monotonic_ns();
        if (*m->stop || now_ns > m->deadline_ns || now_ns - from_ns > CONNECT_MOST_NS)
            return false;
    }
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
}

int round_trip_connect(const struct plan_target *target, const struct address *address, int *status)
{
    const int family = address->sockaddr.ss_family;
    const int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    bind_source(fd, target, family);
    *status = lookup_connect(fd, address);
    return fd;
}

/* 0 without a connection. */
static uint64_t connect_once(const struct measurement *m, const struct plan_target *target,
                             const struct address *address)
{
    uint64_t took_ns = 0;
    int status;
    const uint64_t from_ns = clock_monotonic_ns();
    const int fd = round_trip_connect(target, address, &status);
    if (fd < 0)
        return 0;
    if (status == 1 || (status == 0 && wait_connected(m, fd, from_ns)))
        took_ns = clock_monotonic_ns() - from_ns;
    close(fd);
    return took_ns;
}

static int by_size(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* False when the address does not answer. */
static bool measure_address(const struct measurement *m, const struct plan_target *target,
                            const struct address *address, struct round_trip *out)
{
    uint64_t took_ns[ROUND_TRIPS_CONNECTS];
    unsigned n = 0;
    while (n < ROUND_TRIPS_CONNECTS && !*m->stop && clock_monotonic_ns() < m->deadline_ns &&
           (took_ns[n] = connect_once(m, target, address)) > 0)
        n++;
    if (n == 0)
        return false;
    qsort(took_ns, n, sizeof *took_ns, by_size);
    *out = (struct round_trip){ .host = target->host,
                                .port = target->port,
                                .n_connects = n,
                                .min_ns = took_ns[0],
                                .median_ns = took_ns[n / 2] };
    memcpy(out->address, address->text, sizeof out->address);
    return true;
}

/* The shortest round trip to the endpoint's addresses; 0: none was measured. */
static uint64_t measure_endpoint(const struct measurement *m, struct round_trips *out,
                                 const struct endpoint *endpoint, bool with_loopback)
{
    const struct address_set *set = addresses_now(&endpoint->addresses);
    uint64_t min_ns = 0;
    for (uint32_t i = 0; i < set->n && i < ADDRESSES_MOST && out->n < ROUND_TRIPS_MOST; i++) {
        const struct address *address = &set->list[i];
        struct round_trip *r = &out->list[out->n];
        if (address->sockaddr.ss_family == AF_UNIX || (!with_loopback && is_loopback(&address->sockaddr)) ||
            !measure_address(m, endpoint->target, address, r))
            continue;
        out->n++;
        if (min_ns == 0 || r->min_ns < min_ns)
            min_ns = r->min_ns;
    }
    return min_ns;
}

void round_trip_measure(struct round_trips *out, const struct plan *plan, const struct endpoints *endpoints,
                        const atomic_int *stop)
{
    const struct measurement m = { stop, clock_monotonic_ns() + TOTAL_MOST_NS };
    *out = (struct round_trips){ .n = 0 };
    for (uint32_t i = 0; i < endpoints->n; i++) {
        const uint64_t min_ns = measure_endpoint(&m, out, &endpoints->list[i], plan->deployment.present);
        for (size_t s = 0; s < plan->n_streams; s++)
            if (endpoints->of_stream[s] == i)
                out->of_stream_ns[s] = min_ns;
    }
}
