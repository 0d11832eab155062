#include "host_facts.h"

#include "host_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#define CPU_FOLDER "/sys/devices/system/cpu"

void host_facts_clocksource(const char *root, char *out)
{
    host_file_line(root, "/sys/devices/system/clocksource/clocksource0/current_clocksource", out,
                   HOST_FACT_BYTES);
}

/* The value of a line "NAME  : VALUE" of the first processor, up to the line's end; NULL without one. */
static const char *cpu_line(char *text, const char *name)
{
    char *line = strstr(text, name);
    char *value = line ? strchr(line, ':') : NULL;
    if (!value)
        return NULL;
    value[strcspn(value, "\n")] = '\0';
    return value + 1 + strspn(value + 1, " ");
}

static void read_cpu(const char *root, struct host_facts *facts)
{
    char text[8192], copy[sizeof text]; /* the first processor's lines are enough */
    if (!host_file_read(root, "/proc/cpuinfo", text, sizeof text))
        return;
    memcpy(copy, text, sizeof copy);
    const char *name = cpu_line(copy, "\nmodel name"), *flags = cpu_line(text, "\nflags");
    if (name)
        snprintf(facts->cpu, sizeof facts->cpu, "%s", name);
    if (flags) /* x86 only */
        facts->is_virtual = strstr(flags, " hypervisor") != NULL;
}

static void read_frequency(const char *root, struct host_facts *facts)
{
    char text[64];
    uint64_t max_khz = 0;
    host_file_line(root, CPU_FOLDER "/cpu0/cpufreq/scaling_governor", facts->governor, HOST_FACT_BYTES);
    host_file_line(root, CPU_FOLDER "/cpu0/cpufreq/scaling_driver", facts->frequency_driver, HOST_FACT_BYTES);
    host_file_line(root, CPU_FOLDER "/smt/control", facts->smt, HOST_FACT_BYTES);
    if (host_file_read(root, CPU_FOLDER "/cpu0/cpufreq/scaling_max_freq", text, sizeof text) &&
        sscanf(text, "%" SCNu64, &max_khz) == 1)
        facts->frequency_max_hz = max_khz * 1000;
}

static void read_machine(const char *root, char *out)
{
    char vendor[HOST_FACT_BYTES / 2 - 1], product[HOST_FACT_BYTES / 2];
    const bool has_vendor = host_file_line(root, "/sys/class/dmi/id/sys_vendor", vendor, sizeof vendor);
    host_file_line(root, "/sys/class/dmi/id/product_name", product, sizeof product);
    snprintf(out, HOST_FACT_BYTES, "%s%s%s", vendor, has_vendor && *product ? " " : "", product);
}

static void read_memory(const char *root, struct host_facts *facts)
{
    char text[256];
    uint64_t total_kib = 0;
    if (host_file_read(root, "/proc/meminfo", text, sizeof text) &&
        sscanf(text, "MemTotal: %" SCNu64 " kB", &total_kib) == 1)
        facts->memory_bytes = total_kib * 1024;
}

static void read_load(const char *root, struct host_facts *facts)
{
    char text[128];
    double minutes[3];
    if (host_file_read(root, "/proc/loadavg", text, sizeof text) &&
        sscanf(text, "%lf %lf %lf", &minutes[0], &minutes[1], &minutes[2]) == 3) {
        facts->load_1m = minutes[0];
        facts->load_5m = minutes[1];
        facts->load_15m = minutes[2];
    }
}

static void read_kernel(struct host_facts *facts)
{
    struct utsname about;
    struct rlimit files;
    const long n_cpus = sysconf(_SC_NPROCESSORS_ONLN);
    facts->n_cpus = n_cpus > 0 ? (uint32_t)n_cpus : 0;
    if (uname(&about) == 0) {
        snprintf(facts->name, sizeof facts->name, "%s", about.nodename);
        snprintf(facts->kernel, sizeof facts->kernel, "%s", about.release);
        snprintf(facts->kernel_build, sizeof facts->kernel_build, "%s", about.version);
        snprintf(facts->architecture, sizeof facts->architecture, "%s", about.machine);
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0)
        facts->descriptor_limit = files.rlim_cur;
}

void host_facts_read(const char *root, struct host_facts *facts)
{
    *facts = (struct host_facts){ .is_virtual = -1, .load_1m = NAN, .load_5m = NAN, .load_15m = NAN };
    read_kernel(facts);
    read_cpu(root, facts);
    read_frequency(root, facts);
    read_machine(root, facts->machine);
    read_memory(root, facts);
    read_load(root, facts);
    host_facts_clocksource(root, facts->clocksource);
}
