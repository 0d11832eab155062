#include "host_counters.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void read_cpu(struct host_counters *c)
{
    uint64_t ticks[8] = { 0 }; /* user nice system idle iowait irq softirq steal; guest time is in user */
    FILE *f = fopen("/proc/stat", "re");
    if (!f)
        return;
    c->has_cpu =
        fscanf(f,
               "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
               " %" SCNu64,
               &ticks[0], &ticks[1], &ticks[2], &ticks[3], &ticks[4], &ticks[5], &ticks[6], &ticks[7]) == 8;
    fclose(f);
    for (int i = 0; i < 8; i++)
        c->cpu_ticks += ticks[i];
    c->steal_ticks = ticks[7];
}

/* Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs
 * OutSegs RetransSegs ... */
static void read_tcp(struct host_counters *c)
{
    char line[1024];
    FILE *f = fopen("/proc/net/snmp", "re");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "Tcp: %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64,
                   &c->segments_out, &c->segments_again) == 2)
            c->has_tcp = true;
    if (f)
        fclose(f);
}

static void read_memory(struct host_counters *c)
{
    uint64_t pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (!f)
        return;
    if (fscanf(f, "%*u %" SCNu64, &pages) == 1)
        c->rss_bytes = pages * (uint64_t)sysconf(_SC_PAGESIZE);
    fclose(f);
}

struct host_counters host_counters_read(void)
{
    struct host_counters c = { 0 };
    read_cpu(&c);
    read_tcp(&c);
    read_memory(&c);
    return c;
}

double host_steal_pct(const struct host_counters *from, const struct host_counters *to)
{
    if (!from->has_cpu || !to->has_cpu || to->cpu_ticks <= from->cpu_ticks ||
        to->steal_ticks < from->steal_ticks)
        return NAN;
    return 100.0 * (double)(to->steal_ticks - from->steal_ticks) / (double)(to->cpu_ticks - from->cpu_ticks);
}
