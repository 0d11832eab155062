#include "threshold_scope.h"

#include "err.h"
#include "plan.h"

#include <stdio.h>
#include <string.h>

int threshold_scope_check(const struct threshold *t, const struct plan *plan, struct err *e)
{
    char names[512] = "";
    size_t used = 0;
    if (t->scope[0] == '\0' || plan_find_cluster(plan, t->scope) < plan->n_clusters)
        return 0;
    for (size_t i = 0; i < plan->n_streams; i++)
        if (strcmp(plan->streams[i].name, t->scope) == 0)
            return 0;
    for (size_t i = 0; i < plan->n_clusters + plan->n_streams && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                                 i < plan->n_clusters ? plan->clusters[i].name
                                                      : plan->streams[i - plan->n_clusters].name);
    return err_set(e, ERR_INPUT, "there is no cluster or stream '%s'; there are %s", t->scope, names);
}
