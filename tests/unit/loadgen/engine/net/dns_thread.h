/* A DNS server on a thread of the test: one name with, per record type, an address, no such record, or a
 * refusal, which a resolver takes for no answer without waiting. */
#ifndef TEST_DNS_THREAD_H
#define TEST_DNS_THREAD_H

#include "cm.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum dns_says { DNS_ADDRESS, DNS_NONE, DNS_REFUSES, DNS_ALIAS };

struct dns_thread {
    _Atomic int v4_says, v6_says;
    _Atomic int ends;
    int fd;
    pthread_t thread;
    char address[64]; /* "127.0.0.1:5353" or "[::1]:5353" */
};

/* The question again, then the record of 127.0.0.1 or ::1, good for 7 s (RFC 1035); with DNS_ALIAS behind one
 * that says that the name is another's, good for 2 s. */
static inline size_t dns_answer(const struct dns_thread *d, unsigned char *packet, size_t length)
{
    static const unsigned char v4[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 7, 0, 4, 127, 0, 0, 1 };
    static const unsigned char v6[] = { 0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 7, 0, 16, 0, 0,
                                        0,    0,  0, 0,  0, 0, 0, 0, 0, 0, 0, 0,  0, 1 };
    static const unsigned char alias[] = { 0xc0, 12,  0,   5,   0,   1, 0,   0,   0,   2,   0, 11,
                                           4,    'r', 'e', 'a', 'l', 4, 't', 'e', 's', 't', 0 };
    size_t end = 12;
    while (end < length && packet[end])
        end += packet[end] + 1u;
    end += 5;
    const bool is_v6 = packet[end - 3] == 28;
    const int says = is_v6 ? d->v6_says : d->v4_says;
    packet[2] = 0x85;
    packet[3] = says == DNS_REFUSES ? 0x82 : 0x80;
    packet[7] = says == DNS_ADDRESS ? 1 : says == DNS_ALIAS ? 2 : 0;
    memset(packet + 8, 0, 4);
    if (packet[7] == 0)
        return end;
    const size_t at_real = end + 12;
    if (says == DNS_ALIAS) {
        memcpy(packet + end, alias, sizeof alias);
        end += sizeof alias;
    }
    memcpy(packet + end, is_v6 ? v6 : v4, is_v6 ? sizeof v6 : sizeof v4);
    if (says == DNS_ALIAS)
        packet[end + 1] = (unsigned char)at_real;
    return end + (is_v6 ? sizeof v6 : sizeof v4);
}

static inline void *dns_serve(void *payload)
{
    struct dns_thread *d = payload;
    struct pollfd wait = { .fd = d->fd, .events = POLLIN };
    unsigned char packet[1024];
    while (!d->ends) {
        struct sockaddr_storage from;
        socklen_t from_length = sizeof from;
        if (poll(&wait, 1, 20) <= 0)
            continue;
        const ssize_t n = recvfrom(d->fd, packet, 512, 0, (struct sockaddr *)&from, &from_length);
        if (n < 17)
            continue;
        const size_t length = dns_answer(d, packet, (size_t)n);
        sendto(d->fd, packet, length, 0, (struct sockaddr *)&from, from_length);
    }
    return NULL;
}

/* False where this machine has no address of the family. */
static inline bool dns_start(struct dns_thread *d, int kind)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr *own = kind == AF_INET6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t length = kind == AF_INET6 ? sizeof v6 : sizeof v4;
    *d = (struct dns_thread){ .fd = socket(kind, SOCK_DGRAM | SOCK_CLOEXEC, 0) };
    if (d->fd < 0 || bind(d->fd, own, length) || getsockname(d->fd, own, &length)) {
        close(d->fd);
        return false;
    }
    if (kind == AF_INET6)
        snprintf(d->address, sizeof d->address, "[::1]:%d", ntohs(v6.sin6_port));
    else
        snprintf(d->address, sizeof d->address, "127.0.0.1:%d", ntohs(v4.sin_port));
    assert_int_equal(pthread_create(&d->thread, NULL, dns_serve, d), 0);
    return true;
}

static inline void dns_end(struct dns_thread *d)
{
    d->ends = 1;
    pthread_join(d->thread, NULL);
    close(d->fd);
}

#endif
