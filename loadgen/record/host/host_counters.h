/* Counters of the machine and of this program: who had the processors, TCP retransmissions, our memory. */
#ifndef RECORD_HOST_COUNTERS_H
#define RECORD_HOST_COUNTERS_H

#include "host_quota.h"

#include <stdbool.h>
#include <stdint.h>

/* Totals since boot, over all CPUs and all connections of the machine. */
struct host_counters {
    bool has_cpu, has_tcp;
    uint64_t cpu_ticks, busy_ticks, steal_ticks; /* /proc/stat: all; by any program or the kernel; stolen */
    uint64_t own_ns, n_switches;           /* processor time of this process; how often it was interrupted */
    uint64_t segments_out, segments_again; /* /proc/net/snmp: OutSegs, RetransSegs */
    uint64_t rss_bytes;                    /* of this process; 0 unknown */
    struct host_quota quota;
};

/* `root` as in host_file.h. */
struct host_counters host_counters_read(const char *root);

/* Adds what happened between two readings to `sum`. Memory is not added. */
void host_counters_add(struct host_counters *sum, const struct host_counters *from,
                       const struct host_counters *to);
/* The share of the processors' time in per cent that this process had in `sum`, and that of all other
 * programs; NAN when unknown. */
double host_own_pct(const struct host_counters *sum);
double host_others_pct(const struct host_counters *sum);

/* Stolen CPU time between two readings, in per cent; NAN when unknown. */
double host_steal_pct(const struct host_counters *from, const struct host_counters *to);

#endif
