#include "engine_parts.h"

#include "background.h"
#include "descriptors.h"
#include "err.h"
#include "plan.h"
#include "probe.h"
#include "round_trip.h"
#include "transport_socket.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* The i-th of the processors that this process may use; -1 when there are too few. */
static int cpu_for(uint32_t i)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed))
        return -1;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET((unsigned)cpu, &allowed) && i-- == 0)
            return cpu;
    return -1;
}

void engine_call_all(void *payload)
{
    struct engine *en = payload;
    for (uint32_t i = 0; i < en->plan->n_threads; i++)
        loop_call(&en->workers[i]->loop);
}

static int allocate(struct engine *en, bool is_gated)
{
    const struct plan *plan = en->plan;
    en->phases = calloc(plan->n_phases, sizeof *en->phases);
    en->barriers = calloc(plan->n_streams, sizeof *en->barriers);
    en->workers = calloc(plan->n_threads, sizeof(struct worker *));
    en->instances = calloc(plan->n_threads, sizeof(struct names *));
    en->remotes = calloc(plan->n_threads, sizeof(struct names *));
    en->has_ended = calloc(plan->n_threads, sizeof *en->has_ended);
    if (!en->phases || !en->barriers || !en->workers || !en->instances || !en->remotes || !en->has_ended)
        return -1;
    for (size_t i = 0; i < plan->n_streams; i++)
        en->barriers[i] = (struct barrier){ .n_sharers = division_n_threads(plan, i),
                                            .is_gated = is_gated,
                                            .on_passed = engine_call_all,
                                            .payload = en };
    return 0;
}

static int make_workers(struct engine *en, const struct engine_params *params, struct err *e)
{
    for (uint32_t i = 0; i < en->plan->n_threads; i++) {
        struct worker *w = malloc(sizeof *w);
        if (!w)
            return err_set(e, ERR_FAILED, "out of memory for the threads");
        en->workers[i] = w;
        const struct worker_params p = { .plan = en->plan,
                                         .phases = en->phases,
                                         .endpoints = &en->endpoints,
                                         .barriers = en->barriers,
                                         .index = i,
                                         .spin_ns = params->spin_ns,
                                         .pin_cpu = params->pins ? cpu_for(i) : -1,
                                         .finished_fd = en->finished_fd };
        if (worker_init(w, &p, e))
            return -1;
        en->instances[i] = &w->loop.instances;
        en->remotes[i] = &w->loop.remotes;
    }
    return 0;
}

struct engine *engine_new(const struct engine_params *params, struct err *e)
{
    struct engine *en = calloc(1, sizeof *en);
    if (!en) {
        err_set(e, ERR_FAILED, "out of memory for the engine");
        return NULL;
    }
    en->plan = params->plan;
    en->stop = params->stop;
    atomic_init(&en->ordered_ns, UINT64_MAX);
    en->attend = params->attend;
    en->attend_payload = params->attend_payload;
    en->finished_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    en->stamps_fd = transport_socket_stamps_early();
    if (descriptors_raise(en->plan, e) ||
        endpoints_init(&en->endpoints, en->plan, params->dns, params->stop, e))
        goto fail;
    if (allocate(en, params->is_gated) || en->finished_fd < 0) {
        err_set(e, ERR_FAILED, "out of memory for the engine");
        goto fail;
    }
    if (make_workers(en, params, e))
        goto fail;
    return en;
fail:
    engine_free(en);
    return NULL;
}

void engine_free(struct engine *en)
{
    if (!en)
        return;
    endpoints_stop(&en->endpoints); /* first: the resolver calls the workers */
    for (uint32_t i = 0; en->workers && i < en->plan->n_threads; i++)
        if (en->workers[i]) {
            worker_fini(en->workers[i]);
            free(en->workers[i]);
        }
    endpoints_fini(&en->endpoints);
    if (en->stamps_fd >= 0)
        close(en->stamps_fd);
    if (en->finished_fd >= 0)
        close(en->finished_fd);
    free(en->has_ended);
    free(en->remotes);
    free(en->instances);
    free(en->workers);
    free(en->barriers);
    free(en->phases);
    free(en);
}

const struct names *const *engine_instances(const struct engine *en)
{
    return en->instances;
}

const struct names *const *engine_remotes(const struct engine *en)
{
    return en->remotes;
}

const struct phase_clock *engine_phases(const struct engine *en)
{
    return en->phases;
}

void engine_measure_round_trips(struct engine *en)
{
    round_trip_measure(&en->round_trips, en->plan, &en->endpoints, en->stop);
}

int engine_probe(const struct engine *en, struct err *e)
{
    return probe_endpoints(&en->endpoints, en->stop, e);
}

const struct round_trips *engine_round_trips(const struct engine *en)
{
    return &en->round_trips;
}

const char *engine_pacing(const struct engine *en)
{
    return pacer_kind(&en->workers[0]->loop.pacer);
}

uint64_t engine_start_late_ns(const struct engine *en)
{
    uint64_t least_ns = UINT64_MAX;
    for (uint32_t i = 0; i < en->plan->n_threads; i++) {
        const struct worker *w = en->workers[i];
        if (w->began_ns && w->began_ns - w->loop.t0_ns < least_ns)
            least_ns = w->began_ns - w->loop.t0_ns;
    }
    return least_ns == UINT64_MAX ? 0 : least_ns;
}

const char *engine_stop_cause(const struct engine *en)
{
    const char *cause = NULL;
    for (uint32_t i = 0; i < en->plan->n_threads && !cause; i++)
        cause = atomic_load_explicit(&en->workers[i]->stop_cause, memory_order_acquire);
    return cause;
}
