#include "host_counters.h"

#include "host_file.h"
#include "host_quota.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void read_cpu(const char *root, struct host_counters *c)
{
    char text[512];
    uint64_t ticks[8] = { 0 }; /* user nice system idle iowait irq softirq steal; guest time is in user */
    if (!host_file_read(root, "/proc/stat", text, sizeof text))
        return;
    c->has_cpu =
        sscanf(text,
               "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
               " %" SCNu64,
               &ticks[0], &ticks[1], &ticks[2], &ticks[3], &ticks[4], &ticks[5], &ticks[6], &ticks[7]) == 8;
    for (int i = 0; i < 8; i++)
        c->cpu_ticks += ticks[i];
    c->steal_ticks = ticks[7];
}

/* Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs
 * OutSegs RetransSegs ..., below a line of these names. */
static void read_tcp(const char *root, struct host_counters *c)
{
    char text[16384];
    host_file_read(root, "/proc/net/snmp", text, sizeof text);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (sscanf(line, "Tcp: %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64,
                   &c->segments_out, &c->segments_again) == 2)
            c->has_tcp = true;
    }
}

static void read_memory(const char *root, struct host_counters *c)
{
    char text[256];
    uint64_t pages = 0;
    if (host_file_read(root, "/proc/self/statm", text, sizeof text) &&
        sscanf(text, "%*u %" SCNu64, &pages) == 1)
        c->rss_bytes = pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

struct host_counters host_counters_read(const char *root)
{
    struct host_counters c = { 0 };
    read_cpu(root, &c);
    read_tcp(root, &c);
    read_memory(root, &c);
    c.n_stopped = host_quota_n_stopped(root);
    return c;
}

double host_steal_pct(const struct host_counters *from, const struct host_counters *to)
{
    if (!from->has_cpu || !to->has_cpu || to->cpu_ticks <= from->cpu_ticks ||
        to->steal_ticks < from->steal_ticks)
        return NAN;
    return 100.0 * (double)(to->steal_ticks - from->steal_ticks) / (double)(to->cpu_ticks - from->cpu_ticks);
}
