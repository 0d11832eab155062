/* Packets that AWS held back or dropped because an instance exceeded what its type allows: counters of the
 * ENA network driver (EC2 User Guide, "Monitor network performance for ENA settings"). Other drivers have
 * none. */
#ifndef RECORD_HOST_ALLOWANCES_H
#define RECORD_HOST_ALLOWANCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HOST_ALLOWANCES = 4,
    HOST_ALLOWANCE_NAME_BYTES = 32, /* ETH_GSTRING_LEN: names of a driver's counters have this stride */
};

struct host_allowances {
    bool is_known; /* some interface counts them */
    uint64_t n[HOST_ALLOWANCES];
};

/* What the i-th counter limits, for people: "packets per second". */
const char *host_allowance_text(size_t i);
/* Reads the counters of all interfaces, added up. Costs some system calls for each. */
void host_allowances_read(struct host_allowances *out);
/* Adds one driver's `n` counters, of which it knows those by their names. */
void host_allowances_add(struct host_allowances *out, const char (*names)[HOST_ALLOWANCE_NAME_BYTES],
                         const uint64_t *values, size_t n);

#endif
