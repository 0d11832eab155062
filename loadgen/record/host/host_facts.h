/* The machine that the run took place on, its clock and its limits. */
#ifndef RECORD_HOST_FACTS_H
#define RECORD_HOST_FACTS_H

#include <stdint.h>

enum { HOST_FACT_BYTES = 128 };

/* Texts are "" where unknown. */
struct host_facts {
    char name[HOST_FACT_BYTES];
    char kernel[HOST_FACT_BYTES];       /* release, such as "6.1.0-18-amd64" */
    char kernel_build[HOST_FACT_BYTES]; /* what the distribution built, such as "#1 SMP Debian 6.1.76-1" */
    char architecture[HOST_FACT_BYTES];
    char cpu[HOST_FACT_BYTES];
    char clocksource[HOST_FACT_BYTES];
    char machine[HOST_FACT_BYTES];          /* vendor and product of the DMI: "Amazon EC2 m5.large" */
    char governor[HOST_FACT_BYTES];         /* of the first processor's frequency */
    char frequency_driver[HOST_FACT_BYTES]; /* such as "intel_pstate" */
    char smt[HOST_FACT_BYTES];              /* "on", "off", "notsupported" ... */
    int is_virtual;                         /* 1 under a hypervisor, 0 not, -1 unknown */
    uint32_t n_cpus;
    uint64_t frequency_max_hz; /* 0 unknown */
    uint64_t memory_bytes;     /* 0 unknown */
    uint64_t descriptor_limit;
    double load_1m, load_5m, load_15m; /* processes running or waiting to run; NAN unknown */
};

/* `root` as in host_file.h. */
void host_facts_read(const char *root, struct host_facts *facts);
/* The kernel's clock source, such as "tsc"; "" unknown. `out` has HOST_FACT_BYTES. */
void host_facts_clocksource(const char *root, char *out);

#endif
