#include "host_kernel.h"

#include "host_file.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VULNERABILITIES "/sys/devices/system/cpu/vulnerabilities"

static void add(struct host_kernel_rows *out, const char *name, const char *value)
{
    if (out->n == HOST_KERNEL_ROWS)
        return;
    struct host_kernel_row *row = &out->rows[out->n++];
    snprintf(row->name, sizeof row->name, "%.*s", (int)sizeof row->name - 1, name);
    snprintf(row->value, sizeof row->value, "%s", value);
}

static void add_file(const char *root, const char *path, const char *name, struct host_kernel_rows *out)
{
    char value[HOST_KERNEL_VALUE_BYTES];
    if (host_file_line(root, path, value, sizeof value))
        add(out, name, value);
}

static int is_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

void host_kernel_vulnerabilities(const char *root, struct host_kernel_rows *out)
{
    char path[PATH_MAX];
    struct dirent **entries;
    *out = (struct host_kernel_rows){ 0 };
    snprintf(path, sizeof path, "%s" VULNERABILITIES, root);
    const int n = scandir(path, &entries, is_name, alphasort);
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof path, VULNERABILITIES "/%s", entries[i]->d_name);
        add_file(root, path, entries[i]->d_name, out);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

/* Documentation/admin-guide/kernel-parameters.txt */
static const char *const parameters[] = {
    "mitigations",
    "nopti",
    "pti",
    "nospectre_v1",
    "nospectre_v2",
    "spectre_v2",
    "spectre_v2_user",
    "spectre_bhi",
    "spec_store_bypass_disable",
    "l1tf",
    "mds",
    "tsx",
    "tsx_async_abort",
    "mmio_stale_data",
    "retbleed",
    "srbds",
    "gather_data_sampling",
    "spec_rstack_overflow",
    "reg_file_data_sampling",
    "nosmt",
    "maxcpus",
    "isolcpus",
    "nohz_full",
    "nohz",
    "rcu_nocbs",
    "idle",
    "intel_idle.max_cstate",
    "processor.max_cstate",
    "intel_pstate",
    "amd_pstate",
    "clocksource",
    "tsc",
    "preempt",
    "threadirqs",
    "transparent_hugepage",
    "numa_balancing",
    "mce",
    "nowatchdog",
    "audit",
};

static bool is_known(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        if (strlen(parameters[i]) == n && strncmp(parameters[i], name, n) == 0)
            return true;
    return false;
}

void host_kernel_parameters(const char *root, struct host_kernel_rows *out)
{
    char text[4096];
    *out = (struct host_kernel_rows){ 0 };
    host_file_line(root, "/proc/cmdline", text, sizeof text);
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        const size_t n = strcspn(word, "=");
        const char *value = word[n] ? word + n + 1 : "";
        if (!is_known(word, n))
            continue;
        word[n] = '\0';
        add(out, word, value);
    }
}

void host_kernel_sysctls(const char *root, struct host_kernel_rows *out)
{
    static const char *const names[] = {
        "net/core/somaxconn",
        "net/core/netdev_max_backlog",
        "net/core/default_qdisc",
        "net/core/busy_poll",
        "net/core/rmem_max",
        "net/core/wmem_max",
        "net/ipv4/ip_local_port_range",
        "net/ipv4/tcp_congestion_control",
        "net/ipv4/tcp_tw_reuse",
        "net/ipv4/tcp_fin_timeout",
        "net/ipv4/tcp_max_syn_backlog",
        "net/ipv4/tcp_max_tw_buckets",
        "net/ipv4/tcp_rmem",
        "net/ipv4/tcp_wmem",
        "net/ipv4/tcp_slow_start_after_idle",
        "net/ipv4/tcp_timestamps",
        "net/netfilter/nf_conntrack_max",
        "kernel/numa_balancing",
        "kernel/sched_rt_runtime_us",
    };
    char path[128], name[HOST_KERNEL_NAME_BYTES];
    *out = (struct host_kernel_rows){ 0 };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "/proc/sys/%s", names[i]);
        snprintf(name, sizeof name, "%s", names[i]);
        for (char *slash; (slash = strchr(name, '/')) != NULL;)
            *slash = '.';
        add_file(root, path, name, out);
    }
}
