#include "addresses.h"

#include "clock.h"
#include "dns_log.h"
#include "err.h"
#include "name_server.h"
#include "plan.h"
#include "units.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REFRESH_LEAST_S = 1, REACH_MS = 1000 };

static void add_address(struct address_set *set, const struct sockaddr *sockaddr, socklen_t length)
{
    struct address *larger = realloc(set->list, (set->n + 1) * sizeof *larger);
    if (!larger)
        return;
    set->list = larger;
    struct address *a = &set->list[set->n++];
    *a = (struct address){ .length_bytes = length };
    memcpy(&a->sockaddr, sockaddr, length);
    if (sockaddr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sockaddr)->sin_addr, a->text,
                  sizeof a->text);
    else if (sockaddr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)sockaddr)->sin6_addr, a->text,
                  sizeof a->text);
    else
        snprintf(a->text, sizeof a->text, "unix");
}

static int unix_address(struct address_set *set, const char *path, struct err *e)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof name.sun_path)
        return err_set(e, ERR_INPUT, "the path of the Unix socket is longer than %zu bytes: %s",
                       sizeof name.sun_path - 1, path);
    memcpy(name.sun_path, path, strlen(path) + 1);
    add_address(set, (const struct sockaddr *)&name, sizeof name);
    return 0;
}

static int compare_addresses(const void *a, const void *b)
{
    return strcmp(((const struct address *)a)->text, ((const struct address *)b)->text);
}

static const struct plan_override *find_override(const struct plan_override *list, size_t n, const char *host,
                                                 uint16_t port)
{
    for (size_t i = 0; i < n; i++)
        if ((list[i].host[0] == '\0' || strcmp(list[i].host, host) == 0) &&
            (list[i].port == 0 || list[i].port == port))
            return &list[i];
    return NULL;
}

/* Where connections really go: connect-to replaces name and port, resolve gives the address of a name, as
 * curl has them. */
static void find_goal(const struct plan_target *t, const char **host, uint16_t *port)
{
    *host = t->host;
    *port = t->port;
    const struct plan_override *o = find_override(t->connect_to, t->n_connect_to, *host, *port);
    if (o) {
        *host = o->to_host[0] ? o->to_host : *host;
        *port = o->to_port ? o->to_port : *port;
    }
    o = find_override(t->resolve, t->n_resolve, *host, *port);
    if (o)
        *host = o->to_host;
}

static int by_system(struct address_set *set, int family, const char *host, uint16_t port, struct err *e)
{
    char service[8];
    struct addrinfo *list;
    const struct addrinfo hints = { .ai_family = family == 4   ? AF_INET
                                                 : family == 6 ? AF_INET6
                                                               : AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_NUMERICSERV };
    snprintf(service, sizeof service, "%u", port);
    const int status = getaddrinfo(host, service, &hints, &list);
    if (status)
        return err_set(e, ERR_FAILED, "cannot resolve the name '%s': %s", host, gai_strerror(status));
    for (const struct addrinfo *i = list; i; i = i->ai_next)
        add_address(set, i->ai_addr, i->ai_addrlen);
    freeaddrinfo(list);
    return 0;
}

static bool is_address(const char *host)
{
    unsigned char bytes[16];
    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

/* Asks the named server, which tells how long the answer may be used. */
static int by_name_server(struct address_set *set, const char *server, int family, const char *host,
                          uint16_t port, uint32_t *ttl_s, struct err *e)
{
    struct name_server_answer answer;
    if (name_server_ask(server, host, family, &answer, e))
        return -1;
    for (size_t i = 0; i < answer.n; i++) {
        struct sockaddr_storage *a = &answer.addresses[i];
        const socklen_t length =
            a->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
        if (a->ss_family == AF_INET)
            ((struct sockaddr_in *)a)->sin_port = htons(port);
        else
            ((struct sockaddr_in6 *)a)->sin6_port = htons(port);
        add_address(set, (const struct sockaddr *)a, length);
    }
    *ttl_s = answer.ttl_s;
    return 0;
}

static void log_answer(struct addresses *a, const struct address_set *set, const char *host,
                       bool ttl_is_known, uint32_t ttl_s)
{
    struct dns_answer row = { .at_ns = clock_monotonic_ns(), .ttl_is_known = ttl_is_known, .ttl_s = ttl_s };
    snprintf(row.name, sizeof row.name, "%s", host);
    if (set->n == 0)
        dns_log_add(a->log, &row);
    for (uint32_t i = 0; i < set->n; i++) {
        snprintf(row.address, sizeof row.address, "%s", set->list[i].text);
        dns_log_add(a->log, &row);
    }
}

static void free_set(struct address_set *set)
{
    if (set)
        free(set->list);
    free(set);
}

/* One look-up. Returns an owned, sorted set, or NULL and a sentence. */
static struct address_set *look_up(struct addresses *a, uint64_t *ttl_ns, struct err *e)
{
    const struct plan_target *t = a->target;
    struct address_set *set = calloc(1, sizeof *set);
    const char *host;
    uint16_t port;
    uint32_t ttl_s = 0;
    int status;

    if (!set) {
        err_set(e, ERR_FAILED, "out of memory while resolving the target");
        return NULL;
    }
    find_goal(t, &host, &port);
    const bool asks = t->name_server && !t->unix_socket && !is_address(host);
    if (t->unix_socket)
        status = unix_address(set, t->unix_socket, e);
    else if (asks)
        status = by_name_server(set, t->name_server, a->family, host, port, &ttl_s, e);
    else
        status = by_system(set, a->family, host, port, e);
    if (status == 0 && set->n == 0)
        status = err_set(e, ERR_FAILED, "the name '%s' has no address", host);
    log_answer(a, set, t->unix_socket ? t->unix_socket : host, asks && status == 0, ttl_s);
    if (status) {
        free_set(set);
        return NULL;
    }
    qsort(set->list, set->n, sizeof set->list[0], compare_addresses);
    *ttl_ns = t->resolve_every_ns;
    if (asks && ttl_s * NS_PER_S < *ttl_ns)
        *ttl_ns = ttl_s * NS_PER_S;
    return set;
}

/* Whether any address of the kind takes a connection within a second. */
static bool can_reach(const struct address_set *set, int kind)
{
    bool reached = false;
    for (uint32_t i = 0; i < set->n && !reached; i++) {
        const struct address *a = &set->list[i];
        struct pollfd wait = { .events = POLLOUT };
        int error = 0;
        socklen_t length = sizeof error;
        if (a->sockaddr.ss_family != kind)
            continue;
        wait.fd = socket(kind, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (wait.fd < 0)
            continue;
        if (connect(wait.fd, (const struct sockaddr *)&a->sockaddr, a->length_bytes) == 0)
            reached = true;
        else if (errno == EINPROGRESS && poll(&wait, 1, REACH_MS) == 1)
            reached = getsockopt(wait.fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
        close(wait.fd);
    }
    return reached;
}

static uint32_t n_of_kind(const struct address_set *set, int kind)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < set->n; i++)
        n += set->list[i].sockaddr.ss_family == kind;
    return n;
}

static void drop_kind(struct address_set *set, int kind)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < set->n; i++)
        if (set->list[i].sockaddr.ss_family != kind)
            set->list[n++] = set->list[i];
    set->n = n;
}

static void settle_family(struct addresses *a, struct address_set *set)
{
    if (n_of_kind(set, AF_INET) == 0 || n_of_kind(set, AF_INET6) == 0)
        return;
    const bool four = can_reach(set, AF_INET);
    const bool six = can_reach(set, AF_INET6);
    if (four == six)
        return;
    a->family = four ? 4 : 6;
    drop_kind(set, four ? AF_INET6 : AF_INET);
}

int addresses_init(struct addresses *a, const struct plan_target *target, struct dns_log *log, struct err *e)
{
    *a = (struct addresses){ .target = target, .log = log, .family = target->family };
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&a->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&a->lock, NULL);
    struct address_set *set = look_up(a, &a->ttl_ns, e);
    if (!set)
        return -1;
    settle_family(a, set);
    a->answer_ns = clock_monotonic_ns();
    atomic_store(&a->current, set);
    return 0;
}

static bool is_same(const struct address_set *x, const struct address_set *y)
{
    if (x->n != y->n)
        return false;
    for (uint32_t i = 0; i < x->n; i++)
        if (strcmp(x->list[i].text, y->list[i].text) != 0)
            return false;
    return true;
}

/* A look-up that fails leaves the old addresses in use; the next one comes soon. */
static void renew(struct addresses *a)
{
    struct err e;
    uint64_t ttl_ns = REFRESH_LEAST_S * NS_PER_S;
    struct address_set *set = look_up(a, &ttl_ns, &e);
    struct address_set *old = atomic_load(&a->current);

    a->answer_ns = clock_monotonic_ns();
    a->ttl_ns = ttl_ns < REFRESH_LEAST_S * NS_PER_S ? REFRESH_LEAST_S * NS_PER_S : ttl_ns;
    if (!set || is_same(set, old)) {
        free_set(set);
        return;
    }
    set->generation = old->generation + 1;
    set->older = old;
    atomic_store_explicit(&a->current, set, memory_order_release);
    a->on_changed(a->payload);
}

static void *resolve_again(void *payload)
{
    struct addresses *a = payload;
    pthread_mutex_lock(&a->lock);
    while (!a->stops) {
        const uint64_t least_ns = a->answer_ns + REFRESH_LEAST_S * NS_PER_S;
        const uint64_t due_ns = a->is_asked ? least_ns : a->answer_ns + a->ttl_ns;
        if (clock_monotonic_ns() < due_ns) {
            const struct timespec until = { .tv_sec = (time_t)(due_ns / NS_PER_S),
                                            .tv_nsec = (long)(due_ns % NS_PER_S) };
            pthread_cond_timedwait(&a->wake, &a->lock, &until);
            continue;
        }
        a->is_asked = false;
        pthread_mutex_unlock(&a->lock);
        renew(a);
        pthread_mutex_lock(&a->lock);
    }
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

int addresses_start(struct addresses *a, addresses_changed_fn *on_changed, void *payload, struct err *e)
{
    const char *host;
    uint16_t port;
    find_goal(a->target, &host, &port);
    a->on_changed = on_changed;
    a->payload = payload;
    if (a->target->unix_socket || is_address(host))
        return 0;
    const int status = pthread_create(&a->thread, NULL, resolve_again, a);
    if (status)
        return err_set(e, ERR_FAILED, "cannot start the resolver's thread: %s", strerror(status));
    a->is_running = true;
    return 0;
}

void addresses_refresh(struct addresses *a)
{
    if (!a->is_running || pthread_mutex_trylock(&a->lock) != 0)
        return; /* the resolver is at work: a fresh answer is on its way */
    if (!a->is_asked) {
        a->is_asked = true;
        pthread_cond_signal(&a->wake);
    }
    pthread_mutex_unlock(&a->lock);
}

void addresses_fini(struct addresses *a)
{
    if (a->is_running) {
        pthread_mutex_lock(&a->lock);
        a->stops = true;
        pthread_cond_signal(&a->wake);
        pthread_mutex_unlock(&a->lock);
        pthread_join(a->thread, NULL);
    }
    struct address_set *set = atomic_load(&a->current);
    while (set) {
        struct address_set *older = set->older;
        free_set(set);
        set = older;
    }
    if (a->target) {
        pthread_cond_destroy(&a->wake);
        pthread_mutex_destroy(&a->lock);
    }
    *a = (struct addresses){ 0 };
}
