#include "host_allowances.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

_Static_assert(HOST_ALLOWANCE_NAME_BYTES == ETH_GSTRING_LEN, "the stride of the kernel's names");

enum { COUNTERS_MOST = 65536 }; /* a driver has hundreds */

/* Not the one of link-local traffic: DNS and metadata are not the load. */
static const struct {
    const char *name, *text;
} rows[HOST_ALLOWANCES] = {
    { "bw_in_allowance_exceeded", "incoming bandwidth" },
    { "bw_out_allowance_exceeded", "outgoing bandwidth" },
    { "pps_allowance_exceeded", "packets per second" },
    { "conntrack_allowance_exceeded", "tracked connections" },
};

const char *host_allowance_text(size_t i)
{
    return rows[i].text;
}

void host_allowances_add(struct host_allowances *out, const char (*names)[HOST_ALLOWANCE_NAME_BYTES],
                         const uint64_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < HOST_ALLOWANCES; k++)
            if (strncmp(names[i], rows[k].name, HOST_ALLOWANCE_NAME_BYTES) == 0) {
                out->is_known = true;
                out->n[k] += values[i];
            }
}

static bool ask(int fd, const char *interface, void *command)
{
    struct ifreq request = { 0 };
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", interface);
    request.ifr_data = command;
    return ioctl(fd, SIOCETHTOOL, &request) == 0;
}

static size_t count_counters(int fd, const char *interface)
{
    struct ethtool_drvinfo driver = { .cmd = ETHTOOL_GDRVINFO };
    return ask(fd, interface, &driver) && driver.n_stats <= COUNTERS_MOST ? driver.n_stats : 0;
}

static void read_interface(int fd, const char *interface, struct host_allowances *out)
{
    const size_t n = count_counters(fd, interface);
    struct ethtool_gstrings *names = n ? calloc(1, sizeof *names + n * ETH_GSTRING_LEN) : NULL;
    struct ethtool_stats *values = n ? calloc(1, sizeof *values + n * sizeof(uint64_t)) : NULL;
    if (names && values) {
        *names = (struct ethtool_gstrings){ .cmd = ETHTOOL_GSTRINGS,
                                            .string_set = ETH_SS_STATS,
                                            .len = (uint32_t)n };
        *values = (struct ethtool_stats){ .cmd = ETHTOOL_GSTATS, .n_stats = (uint32_t)n };
        if (ask(fd, interface, names) && ask(fd, interface, values))
            host_allowances_add(out, (const char(*)[HOST_ALLOWANCE_NAME_BYTES])(const void *)names->data,
                                (const uint64_t *)(const void *)values->data, n);
    }
    free(names);
    free(values);
}

void host_allowances_read(struct host_allowances *out)
{
    *out = (struct host_allowances){ 0 };
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct if_nameindex *list = fd < 0 ? NULL : if_nameindex();
    for (const struct if_nameindex *row = list; row && row->if_name; row++)
        read_interface(fd, row->if_name, out);
    if (list)
        if_freenameindex(list);
    if (fd >= 0)
        close(fd);
}
