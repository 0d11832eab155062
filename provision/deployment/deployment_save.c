/* Saves a deployment in its JSON form: results/README.md, "The deployment file". */
#include "deployment.h"

#include "err.h"
#include "json_out.h"
#include "utf8.h"

#include <jansson.h>

#include <stdio.h>
#include <string.h>

static json_t *text_or_null(const char *text)
{
    return text[0] ? json_string(text) : json_null();
}

/* Appends, or drops the whole list when memory is out, so that no incomplete document is written: `down` must
 * find every resource. */
static void append(json_t **list, json_t *value)
{
    if (json_array_append_new(*list, value) == 0)
        return;
    json_decref(*list);
    *list = NULL;
}

static json_t *listener_json(const struct deployment *d)
{
    json_t *defaults = json_array();
    json_t *rules = json_array();
    for (size_t i = 0; i < d->listener.n_defaults; i++)
        append(&defaults, json_pack("{s:s, s:i}", "cluster", d->listener.defaults[i].cluster_name, "weight",
                                    (int)d->listener.defaults[i].weight));
    for (size_t i = 0; i < d->n_clusters; i++) {
        const struct topology_cluster *c = &d->clusters[i].is;
        append(&rules, json_pack("{s:i, s:[s, o], s:s}", "priority", (int)i + 1, "paths", c->path,
                                 json_sprintf("%s/*", c->path), "cluster", c->name));
    }
    return json_pack("{s:s, s:o, s:o, s:b, s:i, s:o, s:o}", "protocol",
                     topology_protocols[d->listener.protocol], "certificate",
                     text_or_null(d->listener.certificate), "server_name",
                     text_or_null(d->listener.server_name), "http2", d->listener.is_http2, "port",
                     (int)d->listener.port, "default", defaults, "rules", rules);
}

static json_t *balancer_json(const struct deployment *d)
{
    const struct deployment_balancer *b = &d->balancer;
    return json_pack("{s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:{s:s, s:i}}", "kind", text_or_null(b->kind),
                     "version", text_or_null(b->version), "name", b->name, "algorithm",
                     topology_algorithms[d->algorithm], "address", text_or_null(b->address), "port",
                     b->port ? json_integer(b->port) : json_null(), "listener", listener_json(d),
                     "health_check", "path", d->health_check.path, "expect_status",
                     (int)d->health_check.expect_status);
}

static json_t *clusters_json(const struct deployment *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->n_clusters; i++) {
        const struct deployment_cluster *c = &d->clusters[i];
        append(&list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:f, s:s, s:f}", "name", c->is.name,
                                "label", c->is.label, "path", c->is.path, "instance_type",
                                c->is.instance_type, "zone", c->is.zone, "count", (int)c->is.count, "vcpus",
                                (int)c->vcpus, "memory_gib", c->memory_gib, "specification", c->specification,
                                "price_usd_per_hour", c->price_usd_per_hour));
    }
    return list;
}

static json_t *instances_json(const struct deployment *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->n_instances; i++) {
        const struct deployment_instance *n = &d->instances[i];
        append(&list,
               json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "id", n->id, "cluster", n->cluster,
                         "instance_type", n->instance_type, "zone", n->zone, "address",
                         text_or_null(n->address), "port", n->port ? json_integer(n->port) : json_null()));
    }
    return list;
}

static json_t *generator_json(const struct deployment *d)
{
    const struct deployment_generator *g = &d->generator;
    if (!*g->instance_type)
        return json_null();
    return json_pack("{s:o, s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o}", "id", text_or_null(g->id),
                     "instance_type", g->instance_type, "zone", g->zone, "address", text_or_null(g->address),
                     "port", g->port ? json_integer(g->port) : json_null(), "user", g->user, "ssh_key",
                     text_or_null(g->ssh_key), "host_keys_file", text_or_null(g->host_keys_file), "package",
                     text_or_null(g->package));
}

/* NULL when memory is out. */
static json_t *members_json(const struct deployment_resource *r)
{
    json_t *object = json_object();
    bool is_whole = true;
    for (size_t k = 0; k < r->n_members; k++)
        is_whole &= json_object_set_new(object, r->members[k].key, json_string(r->members[k].value)) == 0;
    if (is_whole)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *resources_json(const struct deployment *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->n_resources; i++)
        append(&list, members_json(&d->resources[i]));
    return list;
}

static json_t *deployment_json(const struct deployment *d)
{
    return json_pack(
        "{s:i, s:s, s:b, s:s, s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:f, s:o, s:o, "
        "s:o, s:o, s:o, s:o, s:o}",
        "schema_version", DEPLOYMENT_SCHEMA_VERSION, "provider", d->provider, "emulated", d->emulated,
        "run_id", d->run_id, "state", deployment_states[d->state], "created_utc", d->created_utc,
        "expires_utc", text_or_null(d->expires_utc), "topology", d->topology, "region", d->region, "account",
        text_or_null(d->account), "owner", text_or_null(d->owner), "app", d->app, "image",
        text_or_null(d->image), "url", text_or_null(d->url), "ca_file", text_or_null(d->ca_file),
        "price_usd_per_hour", d->price_usd_per_hour, "prices_as_of", text_or_null(d->prices_as_of),
        "load_balancer", balancer_json(d), "clusters", clusters_json(d), "instances", instances_json(d),
        "generator", generator_json(d), "asked", members_json(&d->asked), "resources", resources_json(d));
}

static int check_members(const struct deployment_resource *r, struct err *e)
{
    for (size_t k = 0; k < r->n_members; k++)
        if (!utf8_is_valid(r->members[k].value))
            return err_set(e, ERR_INPUT, "%s is not UTF-8, which a deployment file must be",
                           r->members[k].value);
    return 0;
}

/* Ids and paths must come back byte for byte, or `down` would not find its resources. */
static int check_texts(const struct deployment *d, struct err *e)
{
    const char *const texts[] = { d->run_id,
                                  d->topology,
                                  d->app,
                                  d->region,
                                  d->ca_file,
                                  d->generator.ssh_key,
                                  d->generator.host_keys_file };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!utf8_is_valid(texts[i]))
            return err_set(e, ERR_INPUT, "%s is not UTF-8, which a deployment file must be", texts[i]);
    for (size_t i = 0; i < d->n_resources; i++)
        if (check_members(&d->resources[i], e))
            return -1;
    return check_members(&d->asked, e);
}

int deployment_save(const struct deployment *d, const char *path, struct err *e)
{
    if (check_texts(d, e))
        return -1;
    json_t *root = deployment_json(d);
    const int status = json_out_file(path, 0600, root, e);
    json_decref(root);
    return status;
}
