/* The network interface that the target is reached through. */
#ifndef RECORD_HOST_NETWORK_H
#define RECORD_HOST_NETWORK_H

#include <stdint.h>

enum { HOST_NETWORK_NAME_BYTES = 32 };

struct host_network {
    char interface[HOST_NETWORK_NAME_BYTES]; /* "" unknown */
    char driver[HOST_NETWORK_NAME_BYTES];    /* "" unknown, or none: loopback */
    uint64_t speed_bits_per_s;               /* 0 unknown, as for most virtual interfaces */
    uint64_t mtu_bytes;                      /* 0 unknown */
};

/* Writes the name of the interface whose address this machine sends from to the address `remote`, without a
 * port; "" when there is none. Sends nothing. `out` has HOST_NETWORK_NAME_BYTES. */
void host_network_interface(const char *remote, char *out);
/* Reads what the kernel knows of the interface; `root` as in host_file.h. */
void host_network_read(const char *root, const char *interface, struct host_network *out);

#endif
