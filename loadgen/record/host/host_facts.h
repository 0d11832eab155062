/* The machine that the run took place on, its clock and its limits. */
#ifndef RECORD_HOST_FACTS_H
#define RECORD_HOST_FACTS_H

#include <stdint.h>

enum { HOST_FACT_BYTES = 128 };

struct host_facts {
    char name[HOST_FACT_BYTES];
    char kernel[HOST_FACT_BYTES];
    char cpu[HOST_FACT_BYTES];         /* "" unknown */
    char clocksource[HOST_FACT_BYTES]; /* "" unknown */
    uint32_t n_cpus;
    uint64_t descriptor_limit;
};

/* `root` as in host_file.h. */
void host_facts_read(const char *root, struct host_facts *facts);
/* The kernel's clock source, such as "tsc"; "" unknown. `out` has HOST_FACT_BYTES. */
void host_facts_clocksource(const char *root, char *out);

#endif
