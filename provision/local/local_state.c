#include "local_state.h"

#include "deployment.h"
#include "process.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *local_path(const struct deployment *d, const char *name, char *out)
{
    const struct deployment_resource *folder = deployment_find_resource(d, "folder", "work");
    const char *path = folder ? deployment_resource_get(folder, "id") : NULL;
    out[0] = '\0';
    if (path)
        snprintf(out, LOCAL_PATH_BYTES, "%s/%s", path, name);
    return out;
}

const char *local_control_path(const struct deployment *d, const char *instance, char *out)
{
    char name[DEPLOYMENT_WORD_BYTES + 8];
    snprintf(name, sizeof name, "%s.sock", instance);
    return local_path(d, name, out);
}

bool local_process_of(const struct deployment_resource *r, struct process *p)
{
    const char *kind = deployment_resource_get(r, "kind");
    const char *id = deployment_resource_get(r, "id");
    const char *ticks = deployment_resource_get(r, "started_ticks");
    long pid;
    if (!kind || strcmp(kind, "process") != 0 || !id || !ticks)
        return false;
    if (sscanf(id, "%ld", &pid) != 1 || pid < 2 || sscanf(ticks, "%" SCNu64, &p->started_ticks) != 1)
        return false;
    p->pid = (pid_t)pid;
    return p->pid == pid;
}

struct deployment_resource *local_find_process(const struct deployment *d, const char *role, const char *name,
                                               struct process *p)
{
    for (size_t i = 0; i < d->n_resources; i++) {
        const char *own_role = deployment_resource_get(&d->resources[i], "role");
        const char *own_name = deployment_resource_get(&d->resources[i], "name");
        if (own_role && strcmp(own_role, role) == 0 && (!name || (own_name && strcmp(own_name, name) == 0)) &&
            local_process_of(&d->resources[i], p))
            return &d->resources[i];
    }
    return NULL;
}

bool local_is_alive(const struct deployment *d, const char *role, const char *name)
{
    struct process p;
    return local_find_process(d, role, name, &p) && process_is_alive(&p);
}

void local_count(const struct deployment *d, unsigned *n, unsigned *n_alive)
{
    struct process p;
    *n = *n_alive = 0;
    for (size_t i = 0; i < d->n_resources; i++)
        if (local_process_of(&d->resources[i], &p)) {
            ++*n;
            *n_alive += process_is_alive(&p);
        }
}

void local_describe(const struct topology *t, char *out, size_t out_bytes)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < t->n_clusters && used < out_bytes; i++)
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%s x%u %s", i ? "   " : "",
                                 t->clusters[i].instance_type, t->clusters[i].count, t->clusters[i].zone);
}
