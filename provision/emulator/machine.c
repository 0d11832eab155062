#include "machine.h"

#include <math.h>

void machine_init(struct machine *m, unsigned vcpus, uint64_t service_time_ns, double variation,
                  const struct cpu_credits *credits, uint64_t seed)
{
    *m = (struct machine){
        .vcpus = vcpus, .service_time_ns = service_time_ns, .variation = variation, .credits = *credits
    };
    random_init(&m->random, seed, 0);
}

/* Standard normal by the transform of Box and Muller, "A Note on the Generation of Random Normal Deviates"
 * (1958). */
static double draw_normal(struct random *r)
{
    const double radius = sqrt(2 * random_exponential(r));
    return radius * cos(2 * acos(-1) * random_uniform(r));
}

/* Log-normal with the mean and the coefficient of variation wanted: sigma^2 = ln(1 + cv^2), and exp(-sigma^2
 * / 2) keeps the mean. */
static uint64_t draw_cpu_ns(struct machine *m)
{
    if (m->variation <= 0 || m->service_time_ns == 0)
        return m->service_time_ns;
    const double variance = log1p(m->variation * m->variation);
    return (uint64_t)llround((double)m->service_time_ns *
                             exp(sqrt(variance) * draw_normal(&m->random) - variance / 2));
}

struct machine_job machine_take(struct machine *m, uint64_t now_ns, uint64_t work_ns)
{
    unsigned first = 0;
    for (unsigned i = 1; i < m->vcpus; i++)
        if (m->free_at_ns[i] < m->free_at_ns[first])
            first = i;

    struct machine_job job = { .cpu_ns = draw_cpu_ns(m) + work_ns };
    job.start_ns = m->free_at_ns[first] > now_ns ? m->free_at_ns[first] : now_ns;
    const double speed = cpu_credits_spend(&m->credits, job.start_ns, job.cpu_ns);
    job.done_ns = job.start_ns + (uint64_t)llround((double)job.cpu_ns / speed);
    m->free_at_ns[first] = job.done_ns;
    return job;
}
