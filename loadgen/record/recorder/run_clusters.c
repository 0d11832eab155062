#include "run_clusters.h"

#include "plan.h"

#include <string.h>

size_t run_clusters(const struct plan *plan, struct run_cluster *out)
{
    size_t n = 0;
    for (; n < plan->n_clusters && n < RUN_CLUSTERS_MOST - PLAN_STREAMS_MOST; n++) {
        const struct plan_cluster *c = &plan->clusters[n];
        out[n] =
            (struct run_cluster){ .name = c->name, .label = *c->label ? c->label : c->name, .planned = c };
    }
    for (size_t s = 0; s < plan->n_streams; s++) {
        const char *name = plan->streams[s].cluster;
        size_t at = 0;
        while (at < n && strcmp(out[at].name, name) != 0)
            at++;
        if (at == n)
            out[n++] = (struct run_cluster){ .name = name, .label = name };
        out[at].streams |= UINT64_C(1) << s;
    }
    return n;
}
