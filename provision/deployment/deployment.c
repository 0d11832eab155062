#include "deployment.h"

#include "clock.h"
#include "err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

const char *const deployment_states[] = { "creating", "up", "failed", "removing", NULL };

static void copy_clusters(struct deployment *d, const struct topology *t)
{
    d->n_clusters = t->n_clusters;
    for (size_t i = 0; i < t->n_clusters; i++) {
        const struct topology_type *type = &t->types[t->clusters[i].type];
        struct deployment_cluster *c = &d->clusters[i];
        c->is = t->clusters[i];
        c->vcpus = type->vcpus;
        c->memory_gib = type->memory_gib;
        memcpy(c->specification, type->specification, sizeof c->specification);
        c->price_usd_per_hour = type->price_usd_per_hour;
    }
}

int deployment_init(struct deployment *d, const struct topology *t, const char *provider, const char *app,
                    uint64_t realtime_ns, struct err *e)
{
    uint32_t random;
    *d = (struct deployment){ .state = DEPLOYMENT_CREATING,
                              .algorithm = t->algorithm,
                              .listener = t->listener,
                              .health_check = t->health_check };
    if (TEMP_FAILURE_RETRY(getrandom(&random, sizeof random, 0)) != (ssize_t)sizeof random)
        return err_errno(e, ERR_FAILED, "cannot draw a random run id");
    snprintf(d->run_id, sizeof d->run_id, "%08x", random);
    snprintf(d->provider, sizeof d->provider, "%s", provider);
    snprintf(d->app, sizeof d->app, "%s", app);
    clock_utc_text(realtime_ns, d->created_utc);
    memcpy(d->topology, t->name, sizeof d->topology);
    memcpy(d->region, t->region, sizeof d->region);
    snprintf(d->balancer.name, sizeof d->balancer.name, "loadgen-%s", d->run_id);
    copy_clusters(d, t);
    if (t->has_generator) {
        memcpy(d->generator.instance_type, t->generator.instance_type, sizeof d->generator.instance_type);
        memcpy(d->generator.zone, t->generator.zone, sizeof d->generator.zone);
        memcpy(d->generator.user, t->generator.user, sizeof d->generator.user);
    }
    return 0;
}

void deployment_resource_fini(struct deployment_resource *r)
{
    for (size_t i = 0; i < r->n_members; i++) {
        free(r->members[i].key); // NOLINT(clang-analyzer-core.*): all members up to n_members are set
        free(r->members[i].value);
    }
    free(r->members);
    *r = (struct deployment_resource){ 0 };
}

void deployment_fini(struct deployment *d)
{
    for (size_t i = 0; i < d->n_resources; i++)
        deployment_resource_fini(&d->resources[i]);
    deployment_resource_fini(&d->asked);
    free(d->resources);
    free(d->instances);
    *d = (struct deployment){ 0 };
}

int deployment_set_asked(struct deployment *d, const struct deployment_resource *asked, struct err *e)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < asked->n_members; i++)
        status = deployment_resource_set(&d->asked, asked->members[i].key, asked->members[i].value, e);
    return status;
}

int deployment_add_instance(struct deployment *d, const struct deployment_instance *instance, struct err *e)
{
    struct deployment_instance *larger = realloc(d->instances, (d->n_instances + 1) * sizeof *larger);
    if (!larger)
        return err_set(e, ERR_FAILED, "out of memory while recording an instance");
    d->instances = larger;
    d->instances[d->n_instances++] = *instance;
    return 0;
}

const struct deployment_cluster *deployment_find_cluster(const struct deployment *d, const char *name)
{
    for (size_t i = 0; i < d->n_clusters; i++)
        if (strcmp(d->clusters[i].is.name, name) == 0)
            return &d->clusters[i];
    return NULL;
}

struct deployment_resource *deployment_add_resource(struct deployment *d, const char *kind, const char *role,
                                                    const char *id, struct err *e)
{
    struct deployment_resource *larger = realloc(d->resources, (d->n_resources + 1) * sizeof *larger);
    if (!larger) {
        err_set(e, ERR_FAILED, "out of memory while recording a resource");
        return NULL;
    }
    d->resources = larger;
    struct deployment_resource *r = &d->resources[d->n_resources++];
    *r = (struct deployment_resource){ 0 };
    if (deployment_resource_set(r, "kind", kind, e) || deployment_resource_set(r, "role", role, e) ||
        deployment_resource_set(r, "id", id, e)) {
        deployment_remove_resource(d, r);
        return NULL;
    }
    return r;
}

struct deployment_resource *deployment_find_resource(const struct deployment *d, const char *kind,
                                                     const char *role)
{
    for (size_t i = 0; i < d->n_resources; i++) {
        const char *own_kind = deployment_resource_get(&d->resources[i], "kind");
        const char *own_role = deployment_resource_get(&d->resources[i], "role");
        if (own_kind && strcmp(own_kind, kind) == 0 && (!role || (own_role && strcmp(own_role, role) == 0)))
            return &d->resources[i];
    }
    return NULL;
}

void deployment_remove_resource(struct deployment *d, struct deployment_resource *r)
{
    const size_t after = (size_t)(d->resources + d->n_resources - (r + 1));
    deployment_resource_fini(r);
    memmove(r, r + 1, after * sizeof *r);
    d->n_resources--;
}

static struct deployment_member *find_member(const struct deployment_resource *r, const char *key)
{
    for (size_t i = 0; i < r->n_members; i++)
        if (strcmp(r->members[i].key, key) == 0)
            return &r->members[i];
    return NULL;
}

const char *deployment_resource_get(const struct deployment_resource *r, const char *key)
{
    const struct deployment_member *m = find_member(r, key);
    return m ? m->value : NULL;
}

int deployment_check(const struct deployment *d, bool has_balancer, size_t n_healthy, struct err *e)
{
    if (d->state != DEPLOYMENT_UP)
        return err_set(e, ERR_FAILED, "%s is not up, but %s", d->topology, deployment_states[d->state]);
    if (!has_balancer)
        return err_set(e, ERR_FAILED, "the load balancer of %s is not running", d->topology);
    if (n_healthy < d->n_instances)
        return err_set(e, ERR_FAILED, "healthy instances of %s: %zu of %zu", d->topology, n_healthy,
                       d->n_instances);
    return 0;
}

static void remove_member(struct deployment_resource *r, struct deployment_member *m)
{
    const size_t after = (size_t)(r->members + r->n_members - (m + 1));
    free(m->key);
    free(m->value);
    memmove(m, m + 1, after * sizeof *m);
    r->n_members--;
}

static int append_member(struct deployment_resource *r, const char *key, char *value)
{
    struct deployment_member *larger = realloc( // NOLINT(*UnixAPI): a count never wraps
        r->members, (r->n_members + 1) * sizeof *larger);
    if (!larger)
        return -1;
    r->members = larger;
    char *own_key = strdup(key);
    if (!own_key)
        return -1;
    r->members[r->n_members++] = (struct deployment_member){ .key = own_key, .value = value };
    return 0;
}

int deployment_resource_set(struct deployment_resource *r, const char *key, const char *value, struct err *e)
{
    struct deployment_member *m = find_member(r, key);
    if (!value) {
        if (m)
            remove_member(r, m);
        return 0;
    }
    char *copy = strdup(value);
    if (copy && m) {
        free(m->value);
        m->value = copy;
        return 0;
    }
    if (copy && append_member(r, key, copy) == 0)
        return 0;
    free(copy);
    return err_set(e, ERR_FAILED, "out of memory while recording a resource");
}
