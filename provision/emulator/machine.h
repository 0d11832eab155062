/* An instance as a queue: its vCPUs serve requests in the order of arrival. So the time when a request will
 * be done is known on its arrival, and no list is kept. Pure: time is a parameter, randomness is seeded. */
#ifndef PROVISION_MACHINE_H
#define PROVISION_MACHINE_H

#include "cpu_credits.h"
#include "random.h"

#include <stdint.h>

enum { MACHINE_VCPUS_MOST = 128 };

struct machine {
    unsigned vcpus;
    uint64_t service_time_ns; /* mean CPU time of a request */
    double variation;         /* its standard deviation / mean; log-normal; 0: every request alike */
    struct cpu_credits credits;
    struct random random;
    uint64_t free_at_ns[MACHINE_VCPUS_MOST];
};

struct machine_job {
    uint64_t start_ns;
    uint64_t done_ns;
    uint64_t cpu_ns; /* work; done - start is longer at the baseline */
};

/* `credits` is copied. vcpus is 1 to MACHINE_VCPUS_MOST. */
void machine_init(struct machine *m, unsigned vcpus, uint64_t service_time_ns, double variation,
                  const struct cpu_credits *credits, uint64_t seed);
/* Serves a request that arrives at `now_ns` and needs `work_ns` of CPU time on top of the drawn one. Arrivals
 * must be in order. */
struct machine_job machine_take(struct machine *m, uint64_t now_ns, uint64_t work_ns);

#endif
