#include "host_facts.h"

#include "host_file.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#define CLOCKSOURCE_PATH "/sys/devices/system/clocksource/clocksource0/current_clocksource"

static void cut_line(char *text)
{
    text[strcspn(text, "\n")] = '\0';
}

void host_facts_clocksource(const char *root, char *out)
{
    host_file_read(root, CLOCKSOURCE_PATH, out, HOST_FACT_BYTES);
    cut_line(out);
}

static void read_cpu_name(const char *root, char *out)
{
    char text[4096]; /* the first processor's lines are enough */
    host_file_read(root, "/proc/cpuinfo", text, sizeof text);
    char *name = strstr(text, "\nmodel name");
    if (!name || !(name = strchr(name, ':')))
        return;
    cut_line(name);
    snprintf(out, HOST_FACT_BYTES, "%s", name + 1 + strspn(name + 1, " "));
}

void host_facts_read(const char *root, struct host_facts *facts)
{
    struct utsname about;
    struct rlimit files;
    const long n_cpus = sysconf(_SC_NPROCESSORS_ONLN);

    *facts = (struct host_facts){ .n_cpus = n_cpus > 0 ? (uint32_t)n_cpus : 0 };
    if (uname(&about) == 0) {
        snprintf(facts->name, sizeof facts->name, "%s", about.nodename);
        snprintf(facts->kernel, sizeof facts->kernel, "%s", about.release);
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0)
        facts->descriptor_limit = files.rlim_cur;
    read_cpu_name(root, facts->cpu);
    host_facts_clocksource(root, facts->clocksource);
}
