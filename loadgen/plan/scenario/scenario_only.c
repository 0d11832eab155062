/* A scenario cut down to one cluster. */
#include "err.h"
#include "scenario_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int no_such_cluster(const struct plan *plan, const char *cluster, struct err *e)
{
    char list[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < plan->n_clusters && used < sizeof list; i++)
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", plan->clusters[i].name);
    return err_set(e, ERR_INPUT, "no stream of the scenario belongs to cluster '%.64s'; there are %s",
                   cluster, list);
}

/* Whether the scope of a threshold still has a stream. */
static bool is_judged(const struct plan *plan, const char *scope)
{
    char stream[TAGS_NAME_BYTES], step[TAGS_STEP_BYTES];
    bool is_found = scope[0] == '\0' || !tags_split_stream(scope, stream, step);
    for (size_t i = 0; i < plan->n_streams; i++)
        is_found = is_found || strcmp(plan->streams[i].name, stream) == 0 ||
                   strcmp(plan->streams[i].cluster, scope) == 0;
    return is_found;
}

int scenario_keep_only(struct plan *plan, const char *cluster, struct err *e)
{
    size_t n_streams = 0;
    size_t n_thresholds = 0;
    for (size_t i = 0; i < plan->n_streams; i++) {
        if (strcmp(plan->streams[i].cluster, cluster) == 0)
            plan->streams[n_streams++] = plan->streams[i];
        else
            plan_stream_fini(&plan->streams[i]);
    }
    plan->n_streams = n_streams;
    for (size_t i = 0; i < plan->n_thresholds; i++) {
        if (is_judged(plan, plan->thresholds[i].scope))
            plan->thresholds[n_thresholds++] = plan->thresholds[i];
        else
            free(plan->thresholds[i].text);
    }
    plan->n_thresholds = n_thresholds;
    return n_streams > 0 ? 0 : no_such_cluster(plan, cluster, e);
}
