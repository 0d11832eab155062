#include "local.h"

#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "haproxy.h"
#include "local_state.h"
#include "process.h"
#include "provider.h"
#include "topology.h"
#include "units.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *age_text(const struct deployment *d, char *out)
{
    struct tm utc = { 0 };
    if (!strptime(d->created_utc, "%Y-%m-%dT%H:%M:%SZ", &utc))
        return "unknown";
    const uint64_t created_ns = (uint64_t)timegm(&utc) * NS_PER_S;
    const uint64_t now_ns = clock_realtime_ns();
    const uint64_t age_s = now_ns > created_ns ? (now_ns - created_ns) / NS_PER_S : 0;
    if (age_s >= 60)
        return units_duration_text(age_s * NS_PER_S, out);
    snprintf(out, UNITS_TEXT_BYTES, "%" PRIu64 " s", age_s);
    return out;
}

static void print_default(const struct deployment *d)
{
    fputs("default to", stdout);
    for (size_t i = 0; i < d->listener.n_defaults; i++) {
        printf("%s %s", i ? "," : "", d->listener.defaults[i].cluster_name);
        if (d->listener.n_defaults > 1)
            printf(" (weight %u)", d->listener.defaults[i].weight);
    }
    putchar('\n');
}

static void print_head(const struct deployment *d)
{
    char age[UNITS_TEXT_BYTES];
    printf("%s  %s  local%s  run %s  since %s (%s)\n", d->topology, deployment_states[d->state],
           d->emulated ? ", emulated" : "", d->run_id, d->created_utc, age_text(d, age));
    printf("%s  HAProxy %s, %s, ", d->url[0] ? d->url : "(no URL yet)",
           local_is_alive(d, "balancer", NULL) ? "running" : "is not running",
           topology_algorithms[d->algorithm]);
    print_default(d);
    if (d->ca_file[0])
        printf("its certificate is verified by %s\n", d->ca_file);
}

/* Whether the instance runs and is healthy. */
static bool print_instance(const struct deployment *d, const struct deployment_instance *n,
                           const struct haproxy_target *t)
{
    struct process p = { 0 };
    local_find_process(d, "instance", n->id, &p);
    const char *state = !process_is_alive(&p) ? "dead" : process_is_stopped(&p) ? "stopped" : "running";
    printf("    %-20s  %s:%-5u  %-7s  %s%s%s\n", n->id, n->address, n->port, state,
           t->healthy ? "healthy" : "unhealthy", t->reason[0] ? ": " : "", t->reason);
    return t->healthy && process_is_alive(&p) && !process_is_stopped(&p);
}

int local_status(struct provider_context *c, struct err *e)
{
    const struct deployment *d = c->deployment;
    char path[LOCAL_PATH_BYTES];
    struct err no_view = { ERR_NONE, "" };
    size_t n_healthy = 0;
    struct haproxy_target *targets = calloc(d->n_instances ? d->n_instances : 1, sizeof *targets);
    if (!targets)
        return err_set(e, ERR_FAILED, "out of memory");
    if (haproxy_look(d, local_path(d, LOCAL_BALANCER_SOCKET, path), targets, &no_view))
        for (size_t i = 0; i < d->n_instances; i++)
            targets[i] = (struct haproxy_target){ .reason = "the load balancer does not answer" };
    print_head(d);
    for (size_t k = 0; k < d->n_clusters; k++) {
        const struct topology_cluster *cluster = &d->clusters[k].is;
        printf("\n  %s  %s and below  %s x%u  %s\n", cluster->name, cluster->path, cluster->instance_type,
               cluster->count, cluster->zone);
        for (size_t i = 0; i < d->n_instances; i++)
            if (strcmp(d->instances[i].cluster, cluster->name) == 0)
                n_healthy += print_instance(d, &d->instances[i], &targets[i]);
    }
    free(targets);
    return deployment_check(d, local_is_alive(d, "balancer", NULL), n_healthy, e);
}
