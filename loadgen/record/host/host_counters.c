#include "host_counters.h"

#include "host_file.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
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
    c->busy_ticks = c->cpu_ticks - ticks[3] - ticks[4] - ticks[7];
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

static uint64_t ns_of(struct timeval time)
{
    return (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_usec * NS_PER_US;
}

static void read_own(struct host_counters *c)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage))
        return;
    c->own_ns = ns_of(usage.ru_utime) + ns_of(usage.ru_stime);
    c->n_switches = (uint64_t)usage.ru_nivcsw;
}

struct host_counters host_counters_read(const char *root)
{
    struct host_counters c = { 0 };
    read_cpu(root, &c);
    read_tcp(root, &c);
    read_memory(root, &c);
    read_own(&c);
    c.quota = host_quota_read(root);
    return c;
}

double host_steal_pct(const struct host_counters *from, const struct host_counters *to)
{
    if (!from->has_cpu || !to->has_cpu || to->cpu_ticks <= from->cpu_ticks ||
        to->steal_ticks < from->steal_ticks)
        return NAN;
    return 100.0 * (double)(to->steal_ticks - from->steal_ticks) / (double)(to->cpu_ticks - from->cpu_ticks);
}

/* A counter falls only where it could not be read, or when the process changed its control group. */
static uint64_t grown(uint64_t from, uint64_t to)
{
    return to > from ? to - from : 0;
}

void host_counters_add(struct host_counters *sum, const struct host_counters *from,
                       const struct host_counters *to)
{
    sum->own_ns += grown(from->own_ns, to->own_ns);
    sum->n_switches += grown(from->n_switches, to->n_switches);
    sum->quota.n_periods += grown(from->quota.n_periods, to->quota.n_periods);
    sum->quota.n_stopped += grown(from->quota.n_stopped, to->quota.n_stopped);
    if (!from->has_cpu || !to->has_cpu || to->cpu_ticks < from->cpu_ticks)
        return;
    sum->has_cpu = true;
    sum->cpu_ticks += to->cpu_ticks - from->cpu_ticks;
    sum->busy_ticks += grown(from->busy_ticks, to->busy_ticks);
}

double host_own_pct(const struct host_counters *sum)
{
    const double ticks = (double)sum->own_ns * (double)sysconf(_SC_CLK_TCK) / 1e9;
    return sum->cpu_ticks > 0 ? 100.0 * ticks / (double)sum->cpu_ticks : NAN;
}

double host_others_pct(const struct host_counters *sum)
{
    const double all = sum->cpu_ticks > 0 ? 100.0 * (double)sum->busy_ticks / (double)sum->cpu_ticks : NAN;
    const double others = all - host_own_pct(sum);
    return others < 0 ? 0 : others; /* ticks are coarse */
}
