/* Counters of the machine: CPU time stolen by the hypervisor, TCP retransmissions, our memory. */
#ifndef RECORD_HOST_COUNTERS_H
#define RECORD_HOST_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

/* Totals since boot, over all CPUs and all connections of the machine. */
struct host_counters {
    bool has_cpu, has_tcp;
    uint64_t cpu_ticks, steal_ticks;       /* /proc/stat */
    uint64_t segments_out, segments_again; /* /proc/net/snmp: OutSegs, RetransSegs */
    uint64_t rss_bytes;                    /* of this process; 0 unknown */
    uint64_t n_stopped;                    /* host_quota_n_stopped */
};

/* `root` as in host_file.h. */
struct host_counters host_counters_read(const char *root);

/* Stolen CPU time between two readings, in per cent; NAN when unknown. */
double host_steal_pct(const struct host_counters *from, const struct host_counters *to);

#endif
