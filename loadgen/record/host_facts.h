/* Where the run took place: the machine, its clock, its limits, and the libraries in use. */
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

void host_facts_read(struct host_facts *facts);
/* The kernel's clock source, such as "tsc"; "" unknown. `out` has HOST_FACT_BYTES. */
void host_facts_clocksource(char *out);

struct host_library {
    const char *name;
    const char *version; /* of the library that is loaded, constant */
};

/* The libraries whose behaviour shapes the results; ends with a row without name. */
const struct host_library *host_facts_libraries(struct host_library out[5]);

#endif
