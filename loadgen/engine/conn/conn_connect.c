#include "conn_parts.h"

#include "account.h"
#include "addresses.h"
#include "clock.h"
#include "division.h"
#include "mux.h"
#include "plan.h"
#include "shard.h"
#include "units.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

/* By connection number, which runs across threads and generators: connections spread evenly over all
 * addresses, and again when the set has changed. */
uint32_t conn_address(const struct conn *c, const struct address_set *set)
{
    const uint64_t i = division_address(&c->shard->loop->plan->share, c->number, set->n);
    return (uint32_t)((i + c->address_shift) % set->n);
}

static const struct address *address_for(const struct conn *c, const struct address_set *set)
{
    return &set->list[conn_address(c, set)];
}

bool conn_has_lost_address(struct conn *c, const struct address_set *set)
{
    if (c->remote != NAMES_NONE &&
        strcmp(address_for(c, set)->text, names_text(&c->shard->loop->remotes, c->remote)) != 0)
        return true;
    c->generation = set->generation;
    return false;
}

/* Source addresses are used in turn as well; a connection takes the next one each time it is opened. */
static int bind_source(struct conn *c, int fd, int family)
{
    const struct plan_target *target = c->shard->route->target;
    const uint64_t number = division_local_number(&c->shard->loop->plan->share, c->number);
    const char *text = target->bind_addresses[(number + c->n_bound++) % target->n_bind_addresses];
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    const int on = 1;

    /* The kernel chooses the port at connect(), so that one port serves many remote addresses (ip(7)). */
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (family == AF_INET && inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return bind(fd, (const struct sockaddr *)&v4, sizeof v4);
    if (family == AF_INET6 && inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
        return bind(fd, (const struct sockaddr *)&v6, sizeof v6);
    errno = EADDRNOTAVAIL;
    return -1;
}

/* The class of a failed socket(), bind() or connect(): exhausted local resources differ from a target that
 * refuses. */
static enum outcome outcome_of_connect_error(int error)
{
    switch (error) {
    case EADDRNOTAVAIL:
    case EADDRINUSE:
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case ENOSPC: /* from epoll_ctl: the user's limit of watches */
        return OUTCOME_PORTS;
    default:
        return OUTCOME_CONNECT;
    }
}

static int open_socket(struct conn *c)
{
    struct loop *l = c->shard->loop;
    const struct route *route = c->shard->route;
    const struct address_set *set = addresses_now(route->addresses);
    const struct address *address = address_for(c, set);
    const int family = address->sockaddr.ss_family;
    const int on = 1;

    c->generation = set->generation;
    c->remote = names_number(&l->remotes, address->text, strlen(address->text));
    const int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    c->sock.fd = fd;
    if (family != AF_UNIX) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (route->target->n_bind_addresses > 0 && bind_source(c, fd, family))
            return -1;
    }
    return lookup_connect(fd, address) < 0 ? -1 : 0;
}

static void fail_connect(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    c->n_failures++;
    c->address_shift++;
    conn_close(c);
    shard_on_connect_failed(c->shard, c, outcome, cause, now_ns);
}

static void become_ready(struct conn *c, uint64_t now_ns)
{
    struct shard *s = c->shard;
    c->state = CONN_READY;
    c->ready_ns = now_ns;
    c->n_failures = 0;
    c->n_on_conn = 0;
    c->n_written = 0;
    c->exchange.first_ns = 0;
    c->rx_age_ns = UINT64_MAX;
    s->counts->n_conn_new++;
    conn_list_remove(c);
    if (c->mux && mux_begin(c)) {
        fail_connect(c, OUTCOME_PORTS, transport_errno_text(ENOMEM), now_ns);
        return;
    }
    shard_on_ready(s, c, now_ns);
}

/* Cryptography takes its time, so it is later afterwards. */
static int start_transport(struct transport *t, struct sock *sock, uint64_t *now_ns)
{
    const uint64_t begin_ns = t->has_handshake ? clock_monotonic_ns() : 0;
    const int result = t->start(t, sock);
    if (t->has_handshake)
        *now_ns += clock_monotonic_ns() - begin_ns;
    return result;
}

void conn_shake_hands(struct conn *c, uint64_t now_ns)
{
    struct shard *s = c->shard;
    struct transport *t = &s->route->transport;
    const int result = start_transport(t, &c->sock, &now_ns);

    switch (result) {
    case 1:
        if (t->has_handshake)
            account_tls(s, OUTCOME_OK, now_ns - c->connected_ns);
        become_ready(c, now_ns);
        break;
    case TRANSPORT_WANT_READ:
    case TRANSPORT_WANT_WRITE:
        break;
    default:
        account_tls(s, OUTCOME_TLS, now_ns - c->connected_ns);
        fail_connect(c, OUTCOME_TLS, c->sock.cause ? c->sock.cause : "closed during the handshake", now_ns);
        break;
    }
}

void conn_finish_connect(struct conn *c, uint64_t now_ns)
{
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(c->sock.fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
        error = errno;
    if (error) {
        account_connect(c->shard, OUTCOME_CONNECT, now_ns - c->opened_ns);
        fail_connect(c, outcome_of_connect_error(error), transport_errno_text(error), now_ns);
        return;
    }
    c->connected_ns = now_ns;
    account_connect(c->shard, OUTCOME_OK, now_ns - c->opened_ns);
    c->state = CONN_HANDSHAKE;
    conn_shake_hands(c, now_ns);
}

uint64_t conn_rtt_ns(const struct conn *c)
{
    struct tcp_info about;
    socklen_t length = sizeof about;
    return getsockopt(c->sock.fd, IPPROTO_TCP, TCP_INFO, &about, &length) < 0 ? 0
                                                                              : about.tcpi_rtt * NS_PER_US;
}

/* Whether the first request has waited for a connection as long as it may. */
static bool has_waited_enough(struct conn *c, uint64_t now_ns)
{
    const struct shard *s = c->shard;
    if (c->n_flights == 0)
        return false;
    const struct flight *f = c->mux ? mux_first_waiting(c) : conn_flight(c, 0, s->stream->in_flight_most);
    const uint64_t until_ns =
        f->sent_ns ? shard_deadline_ns(s, f) : f->dispatched_ns + s->stream->connect_timeout_ns;
    return now_ns >= until_ns;
}

/* A Unix socket whose listener's queue is full gives EAGAIN, and its connect() cannot be waited for
 * (connect(2)): the connection pauses and tries again, without failing a request. */
static bool must_try_again(const struct conn *c, int error)
{
    return error == EAGAIN && c->shard->route->target->unix_socket;
}

void conn_open(struct conn *c, uint64_t now_ns)
{
    struct shard *s = c->shard;
    c->opened_ns = now_ns;
    c->sock = (struct sock){ .fd = -1 };
    conn_move(&s->connecting, c, now_ns);
    c->state = CONN_CONNECTING;
    if (exchange_reserve(&c->room, s->stream) == 0 && (!c->mux || mux_prepare(c) == 0) &&
        open_socket(c) == 0 && conn_watch(c) == 0)
        return;
    const int error = errno;
    if (!must_try_again(c, error)) {
        fail_connect(c, outcome_of_connect_error(error), transport_errno_text(error), now_ns);
    } else if (has_waited_enough(c, now_ns)) {
        fail_connect(c, OUTCOME_CONNECT, "the queue of the socket's listener stayed full", now_ns);
    } else {
        c->n_failures++; /* lengthens the pause */
        conn_close(c);
    }
}

void conn_give_up(struct conn *c, uint64_t now_ns)
{
    const bool is_shaking = c->state == CONN_HANDSHAKE;
    if (is_shaking)
        account_tls(c->shard, OUTCOME_TLS, now_ns - c->connected_ns);
    else
        account_connect(c->shard, OUTCOME_CONNECT, now_ns - c->opened_ns);
    fail_connect(c, is_shaking ? OUTCOME_TLS : OUTCOME_CONNECT,
                 is_shaking ? "handshake timed out" : "connect timed out", now_ns);
}
