#include "host_quota.h"

#include "host_file.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 1024 };

static uint64_t number_of(const char *stat, const char *key)
{
    const char *line = strstr(stat, key);
    uint64_t n = 0;
    if (line && (line == stat || line[-1] == '\n'))
        sscanf(line + strlen(key), "%" SCNu64, &n);
    return n;
}

struct host_quota host_quota_parse(const char *stat)
{
    return (struct host_quota){ number_of(stat, "nr_periods "), number_of(stat, "nr_throttled ") };
}

/* "4:cpu,cpuacct:/path": version 1, whose folder has the controllers' names; "0::/path": version 2. */
static bool is_of_cpu(const char *controllers, size_t length)
{
    if (length == 0)
        return true;
    for (size_t at = 0; at < length; at += strcspn(controllers + at, ",:") + 1)
        if (strcspn(controllers + at, ",:") == 3 && strncmp(controllers + at, "cpu", 3) == 0)
            return true;
    return false;
}

const char *host_quota_folder(const char *cgroup, unsigned n, char *out, size_t out_bytes)
{
    for (const char *line = cgroup; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        const size_t line_bytes = strcspn(line, "\n");
        const char *controllers = memchr(line, ':', line_bytes);
        const char *colon =
            controllers ? memchr(controllers + 1, ':', line_bytes - (size_t)(controllers + 1 - line)) : NULL;
        if (!colon || !is_of_cpu(controllers + 1, (size_t)(colon - controllers - 1)) || n-- > 0)
            continue;
        const size_t path_bytes = line_bytes - (size_t)(colon + 1 - line);
        const bool is_root = path_bytes == 1;
        snprintf(out, out_bytes, "/sys/fs/cgroup%s%.*s%.*s", colon > controllers + 1 ? "/" : "",
                 (int)(colon - controllers - 1), controllers + 1, is_root ? 0 : (int)path_bytes, colon + 1);
        return out;
    }
    return NULL;
}

/* Any group on the way up may have the quota. A container may not see those above its own. */
static void add_upwards(const char *root, char *folder, struct host_quota *sum)
{
    static const char mount[] = "/sys/fs/cgroup";
    char path[PATH_BYTES + 16], stat[1024];
    while (strlen(folder) >= sizeof mount - 1) {
        snprintf(path, sizeof path, "%s/cpu.stat", folder);
        if (host_file_read(root, path, stat, sizeof stat)) {
            const struct host_quota quota = host_quota_parse(stat);
            sum->n_periods += quota.n_periods;
            sum->n_stopped += quota.n_stopped;
        }
        *strrchr(folder, '/') = '\0';
    }
}

struct host_quota host_quota_read(const char *root)
{
    char cgroup[4096], folder[PATH_BYTES];
    struct host_quota sum = { 0 };
    host_file_read(root, "/proc/self/cgroup", cgroup, sizeof cgroup);
    for (unsigned n = 0; host_quota_folder(cgroup, n, folder, sizeof folder); n++)
        add_upwards(root, folder, &sum);
    return sum;
}
