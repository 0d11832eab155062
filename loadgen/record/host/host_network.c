#include "host_network.h"

#include "host_file.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANY_PORT = 9 };

static bool is_same_address(const struct sockaddr *a, const struct sockaddr_storage *b)
{
    if (!a || a->sa_family != b->ss_family)
        return false;
    if (a->sa_family == AF_INET)
        return ((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr ==
               ((const struct sockaddr_in *)(const void *)b)->sin_addr.s_addr;
    return a->sa_family == AF_INET6 &&
           memcmp(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr,
                  &((const struct sockaddr_in6 *)(const void *)b)->sin6_addr, sizeof(struct in6_addr)) == 0;
}

/* The address that the kernel would send from: connecting a datagram socket looks up the route alone. */
static bool find_source(const char *remote, struct sockaddr_storage *source)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(ANY_PORT) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(ANY_PORT) };
    const bool is_v4 = inet_pton(AF_INET, remote, &v4.sin_addr) == 1;
    if (!is_v4 && inet_pton(AF_INET6, remote, &v6.sin6_addr) != 1)
        return false;
    const int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    socklen_t length = sizeof *source;
    const bool is_found = connect(fd, is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6,
                                  is_v4 ? sizeof v4 : sizeof v6) == 0 &&
                          getsockname(fd, (struct sockaddr *)source, &length) == 0;
    close(fd);
    return is_found;
}

/* An address of 127.0.0.0/8 may be on no list: all of them are the loopback's. */
static bool is_loopback(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_INET &&
           ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24 == 127;
}

void host_network_interface(const char *remote, char *out)
{
    struct sockaddr_storage source = { 0 };
    struct ifaddrs *list;
    *out = '\0';
    if (!find_source(remote, &source) || getifaddrs(&list))
        return;
    for (const struct ifaddrs *row = list; row && !*out; row = row->ifa_next)
        if (is_same_address(row->ifa_addr, &source))
            snprintf(out, HOST_NETWORK_NAME_BYTES, "%s", row->ifa_name);
    freeifaddrs(list);
    if (!*out && is_loopback(&source))
        snprintf(out, HOST_NETWORK_NAME_BYTES, "lo");
}

static uint64_t read_count(const char *root, const char *interface, const char *name)
{
    char path[128], text[32];
    int64_t value = 0;
    snprintf(path, sizeof path, "/sys/class/net/%s/%s", interface, name);
    return host_file_read(root, path, text, sizeof text) && sscanf(text, "%" SCNd64, &value) == 1 && value > 0
               ? (uint64_t)value
               : 0;
}

void host_network_read(const char *root, const char *interface, struct host_network *out)
{
    char path[PATH_MAX], driver[PATH_MAX];
    *out = (struct host_network){ 0 };
    if (!*interface)
        return;
    snprintf(out->interface, sizeof out->interface, "%s", interface);
    snprintf(path, sizeof path, "%s/sys/class/net/%s/device/driver", root, interface);
    const ssize_t n = readlink(path, driver, sizeof driver - 1);
    if (n > 0) {
        driver[n] = '\0';
        const char *slash = strrchr(driver, '/');
        snprintf(out->driver, sizeof out->driver, "%.31s", slash ? slash + 1 : driver);
    }
    out->speed_bits_per_s = read_count(root, interface, "speed") * 1000000; /* the file holds Mbit/s */
    out->mtu_bytes = read_count(root, interface, "mtu");
}
