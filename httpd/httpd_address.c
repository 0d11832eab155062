#include "httpd_address.h"

#include "err.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HOST_BYTES = 64 };

static int parse_port(const char *text, unsigned *port)
{
    char *end;
    if (*text < '0' || *text > '9' || strlen(text) > 5)
        return -1;
    const unsigned long value = strtoul(text, &end, 10);
    *port = (unsigned)value;
    return *end || value > 65535 ? -1 : 0;
}

/* Splits `HOST:PORT`, `[HOST]:PORT` or `PORT`; the host of the latter is NULL. -1: neither. */
static int split(const char *text, char host[static HOST_BYTES], const char **port)
{
    const char *colon = strrchr(text, ':');
    const char *from = text;
    const char *to = colon;
    *host = '\0';
    *port = colon ? colon + 1 : text;
    if (!colon)
        return 0;
    if (*text == '[') {
        from++;
        to--;
        if (to <= from || *to != ']')
            return -1;
    } else if (memchr(text, ':', (size_t)(colon - text))) {
        return -1;
    }
    if (to <= from || to - from >= HOST_BYTES)
        return -1;
    memcpy(host, from, (size_t)(to - from));
    host[to - from] = '\0';
    return 0;
}

static bool is_ip4_loopback(const struct in_addr *ip)
{
    return ntohl(ip->s_addr) >> 24 == 127;
}

/* "" and "localhost" are 127.0.0.1. */
static int set_host(struct httpd_address *a, const char *host, unsigned port)
{
    struct sockaddr_in ip4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    struct sockaddr_in6 ip6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
    const bool is_local = !*host || strcasecmp(host, "localhost") == 0;
    const char *address = is_local ? "127.0.0.1" : strcmp(host, "*") == 0 ? "0.0.0.0" : host;
    *a = (struct httpd_address){ .is_loopback = false };
    if (inet_pton(AF_INET, address, &ip4.sin_addr) == 1) {
        a->is_loopback = is_ip4_loopback(&ip4.sin_addr);
        memcpy(&a->socket, &ip4, sizeof ip4);
    } else if (inet_pton(AF_INET6, address, &ip6.sin6_addr) == 1) {
        a->is_loopback = IN6_IS_ADDR_LOOPBACK(&ip6.sin6_addr);
        memcpy(&a->socket, &ip6, sizeof ip6);
    } else {
        return -1;
    }
    return 0;
}

int httpd_address_parse(const char *text, const char *option, struct httpd_address *a, struct err *e)
{
    char host[HOST_BYTES];
    const char *port_text;
    unsigned port = 0;
    if (split(text, host, &port_text) || parse_port(port_text, &port) || set_host(a, host, port))
        return err_set(e, ERR_INPUT,
                       "--%s takes a port, such as 9090, or an address and a port, such as 0.0.0.0:9090 or "
                       "[::1]:9090, not '%.64s'",
                       option, text);
    return 0;
}

const char *httpd_address_text(const struct sockaddr_storage *socket, char *out)
{
    char host[INET6_ADDRSTRLEN] = "";
    if (socket->ss_family == AF_INET6) {
        struct sockaddr_in6 ip6;
        memcpy(&ip6, socket, sizeof ip6);
        inet_ntop(AF_INET6, &ip6.sin6_addr, host, sizeof host);
        snprintf(out, HTTPD_ADDRESS_TEXT_BYTES, "[%s]:%u", host, ntohs(ip6.sin6_port));
    } else {
        struct sockaddr_in ip4;
        memcpy(&ip4, socket, sizeof ip4);
        inet_ntop(AF_INET, &ip4.sin_addr, host, sizeof host);
        snprintf(out, HTTPD_ADDRESS_TEXT_BYTES, "%s:%u", host, ntohs(ip4.sin_port));
    }
    return out;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text);
    const size_t end_length = strlen(end);
    return length >= end_length && strcasecmp(text + length - end_length, end) == 0;
}

bool httpd_address_host_is_loopback(const char *host)
{
    char name[HOST_BYTES];
    const char *port = strrchr(host, ':');
    const char *bracket = strrchr(host, ']');
    unsigned number;
    struct in_addr ip4;
    if (port && bracket && port < bracket)
        port = NULL;
    const size_t length = port ? (size_t)(port - host) : strlen(host);
    if (length >= sizeof name || (port && parse_port(port + 1, &number)))
        return false;
    memcpy(name, host, length);
    name[length] = '\0';
    return strcasecmp(name, "localhost") == 0 || ends_with(name, ".localhost") ||
           strcmp(name, "[::1]") == 0 || (inet_pton(AF_INET, name, &ip4) == 1 && is_ip4_loopback(&ip4));
}
