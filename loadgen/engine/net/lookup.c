#include "lookup.h"

#include "err.h"
#include "name_server.h"
#include "plan.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>
#include <unistd.h>

int lookup_connect(int fd, const struct address *a)
{
    /* Called again after an interruption, connect() reports the state of the first attempt. */
    if (TEMP_FAILURE_RETRY(connect(fd, (const struct sockaddr *)&a->sockaddr, a->length_bytes)) == 0 ||
        errno == EISCONN)
        return 1;
    return errno == EINPROGRESS || errno == EALREADY ? 0 : -1;
}

void address_set_free(struct address_set *set)
{
    if (set)
        free(set->list);
    free(set);
}

void address_set_add(struct address_set *set, const struct sockaddr *sockaddr, socklen_t length_bytes)
{
    struct address *larger = realloc(set->list, (set->n + 1) * sizeof *larger);
    if (!larger) {
        set->is_short = true;
        return;
    }
    set->list = larger;
    struct address *a = &set->list[set->n++];
    *a = (struct address){ .length_bytes = length_bytes };
    memcpy(&a->sockaddr, sockaddr, length_bytes);
    if (sockaddr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sockaddr)->sin_addr, a->text,
                  sizeof a->text);
    else if (sockaddr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)sockaddr)->sin6_addr, a->text,
                  sizeof a->text);
    else
        snprintf(a->text, sizeof a->text, "unix");
}

/* Names are case-insensitive (RFC 4343), and a final dot only marks them as complete. */
static bool is_same_name(const char *a, const char *b)
{
    const size_t length_a = strlen(a), length_b = strlen(b);
    const size_t a_bytes = length_a - (length_a > 1 && a[length_a - 1] == '.');
    const size_t b_bytes = length_b - (length_b > 1 && b[length_b - 1] == '.');
    return a_bytes == b_bytes && strncasecmp(a, b, a_bytes) == 0;
}

static const struct plan_override *find_override(const struct plan_override *list, size_t n, const char *host,
                                                 uint16_t port)
{
    for (size_t i = 0; i < n; i++)
        if ((list[i].host[0] == '\0' || is_same_name(list[i].host, host)) &&
            (list[i].port == 0 || list[i].port == port))
            return &list[i];
    return NULL;
}

static int copy(char **into, const char *text)
{
    *into = text ? strdup(text) : NULL;
    return text && !*into ? -1 : 0;
}

int lookup_question_init(struct lookup_question *q, const struct plan_target *target, struct err *e)
{
    const char *host = target->host;
    *q = (struct lookup_question){ .port = target->port, .family = target->family };
    const struct plan_override *o = find_override(target->connect_to, target->n_connect_to, host, q->port);
    if (o) {
        host = o->to_host[0] ? o->to_host : host;
        q->port = o->to_port ? o->to_port : q->port;
    }
    o = find_override(target->resolve, target->n_resolve, host, q->port);
    if (o)
        host = o->to_host;
    if (copy(&q->unix_socket, target->unix_socket) || copy(&q->host, host) ||
        copy(&q->name_server, target->name_server))
        return err_set(e, ERR_FAILED, "out of memory while resolving the target");
    return 0;
}

void lookup_question_fini(struct lookup_question *q)
{
    free(q->unix_socket);
    free(q->host);
    free(q->name_server);
    *q = (struct lookup_question){ 0 };
}

/* With a zone it is an IPv6 address. */
static bool is_address(const char *host)
{
    unsigned char bytes[16];
    return strchr(host, '%') || inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

bool lookup_is_fixed(const struct lookup_question *q)
{
    return q->unix_socket || is_address(q->host);
}

static int by_path(struct address_set *set, const char *path, struct err *e)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof name.sun_path)
        return err_set(e, ERR_INPUT, "the path of the Unix socket is longer than %zu bytes: %s",
                       sizeof name.sun_path - 1, path);
    memcpy(name.sun_path, path, strlen(path) + 1);
    address_set_add(set, (const struct sockaddr *)&name, sizeof name);
    return 0;
}

static int by_system(struct address_set *set, const struct lookup_question *q, struct err *e)
{
    char service[8];
    struct addrinfo *list;
    const struct addrinfo hints = { .ai_family = q->family == 4   ? AF_INET
                                                 : q->family == 6 ? AF_INET6
                                                                  : AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_NUMERICSERV };
    snprintf(service, sizeof service, "%u", q->port);
    const int status = getaddrinfo(q->host, service, &hints, &list);
    if (status)
        return err_set(e, ERR_FAILED, "cannot resolve the name '%s': %s", q->host, gai_strerror(status));
    for (const struct addrinfo *i = list; i; i = i->ai_next)
        address_set_add(set, i->ai_addr, i->ai_addrlen);
    freeaddrinfo(list);
    return 0;
}

/* Asks the named server, which also gives the TTL. */
static int by_name_server(struct lookup_answer *answer, const struct lookup_question *q, struct err *e)
{
    struct name_server_answer told;
    if (name_server_ask(q->name_server, q->host, q->family, &told, e))
        return -1;
    for (size_t i = 0; i < told.n; i++) {
        struct sockaddr_storage *a = &told.addresses[i];
        const socklen_t length =
            a->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
        ((struct sockaddr_in *)a)->sin_port = htons(q->port); /* sin6_port lies at the same place */
        address_set_add(answer->set, (const struct sockaddr *)a, length);
    }
    answer->has_ttl = true;
    answer->ttl_s = told.ttl_s;
    answer->unanswered_v4 = told.unanswered_v4;
    answer->unanswered_v6 = told.unanswered_v6;
    return 0;
}

int lookup_ask(const struct lookup_question *q, struct lookup_answer *answer, struct err *e)
{
    int status;
    *answer = (struct lookup_answer){ .set = calloc(1, sizeof *answer->set) };
    if (!answer->set)
        return err_set(e, ERR_FAILED, "out of memory while resolving the target");
    if (q->unix_socket)
        status = by_path(answer->set, q->unix_socket, e);
    else if (q->name_server && !is_address(q->host))
        status = by_name_server(answer, q, e);
    else
        status = by_system(answer->set, q, e);
    if (status == 0 && answer->set->is_short)
        status = err_set(e, ERR_FAILED, "out of memory while resolving the target");
    if (status == 0 && answer->set->n == 0)
        status = err_set(e, ERR_FAILED, "the name '%s' has no address", q->host);
    if (status) {
        address_set_free(answer->set);
        *answer = (struct lookup_answer){ 0 };
    }
    return status;
}
