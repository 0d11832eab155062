/* Loads a deployment from its JSON form: results/README.md, "The deployment file". */
#include "deployment.h"

#include "err.h"
#include "files.h"
#include "utf8.h"

#include <jansson.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_BYTES_MOST = 4 * 1024 * 1024 };

/* Reads JSON and keeps the first error; after that, reads do nothing. */
struct reader {
    const char *path;
    struct err *e;
    int status;
};

static void wrong(struct reader *r, const char *key, const char *right)
{
    if (r->status == 0)
        r->status =
            err_set(r->e, ERR_INPUT, "%s is no deployment file: '%s' must be %s", r->path, key, right);
}

/* Copies the text at `key`; null or missing is empty, and an error if `needed`. */
static void take_text(struct reader *r, const json_t *object, const char *key, bool needed, char *out,
                      size_t out_bytes)
{
    const json_t *value = json_object_get(object, key);
    out[0] = '\0';
    if (!value || json_is_null(value)) {
        if (needed)
            wrong(r, key, "a text");
        return;
    }
    const char *text = json_string_value(value);
    if (!text || strlen(text) >= out_bytes || json_string_length(value) != strlen(text))
        wrong(r, key, "a text of moderate length");
    else
        memcpy(out, text, strlen(text) + 1);
    utf8_line(out); /* it is printed later */
}

static unsigned take_count(struct reader *r, const json_t *object, const char *key, unsigned most)
{
    const json_t *value = json_object_get(object, key);
    if (!value || json_is_null(value))
        return 0;
    const json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 0 || number > (json_int_t)most)
        wrong(r, key, "a whole number within its limits");
    return (unsigned)number;
}

static double take_real(struct reader *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (value && !json_is_null(value) && !json_is_number(value))
        wrong(r, key, "a number");
    return json_number_value(value);
}

static int take_choice(struct reader *r, const json_t *object, const char *key, const char *const *choices)
{
    char text[DEPLOYMENT_WORD_BYTES];
    take_text(r, object, key, true, text, sizeof text);
    for (int i = 0; choices[i]; i++)
        if (strcmp(choices[i], text) == 0)
            return i;
    wrong(r, key, "one of its words");
    return 0;
}

static const json_t *take_list(struct reader *r, const json_t *object, const char *key, size_t most)
{
    const json_t *list = json_object_get(object, key);
    if (!json_is_array(list) || json_array_size(list) > most) {
        wrong(r, key, "a list of moderate length");
        return NULL;
    }
    return list;
}

static void read_clusters(struct reader *r, const json_t *root, struct deployment *d)
{
    const json_t *list = take_list(r, root, "clusters", TOPOLOGY_CLUSTERS_MOST);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *from = json_array_get(list, i);
        struct deployment_cluster *c = &d->clusters[d->n_clusters++];
        take_text(r, from, "name", true, c->is.name, sizeof c->is.name);
        take_text(r, from, "label", true, c->is.label, sizeof c->is.label);
        take_text(r, from, "path", true, c->is.path, sizeof c->is.path);
        take_text(r, from, "instance_type", true, c->is.instance_type, sizeof c->is.instance_type);
        take_text(r, from, "zone", true, c->is.zone, sizeof c->is.zone);
        take_text(r, from, "specification", false, c->specification, sizeof c->specification);
        c->is.count = take_count(r, from, "count", TOPOLOGY_INSTANCES_MOST);
        c->vcpus = take_count(r, from, "vcpus", 1024);
        c->memory_gib = take_real(r, from, "memory_gib");
        c->price_usd_per_hour = take_real(r, from, "price_usd_per_hour");
    }
}

static void read_listener(struct reader *r, const json_t *listener, struct deployment *d)
{
    const json_t *defaults = take_list(r, listener, "default", TOPOLOGY_CLUSTERS_MOST);
    d->listener.protocol = take_choice(r, listener, "protocol", topology_protocols);
    take_text(r, listener, "certificate", false, d->listener.certificate, sizeof d->listener.certificate);
    take_text(r, listener, "server_name", false, d->listener.server_name, sizeof d->listener.server_name);
    d->listener.is_http2 = !json_is_false(json_object_get(listener, "http2"));
    d->listener.port = take_count(r, listener, "port", 65535);
    for (size_t i = 0; i < json_array_size(defaults); i++) {
        struct topology_forward *f = &d->listener.defaults[d->listener.n_defaults++];
        take_text(r, json_array_get(defaults, i), "cluster", true, f->cluster_name, sizeof f->cluster_name);
        f->weight = take_count(r, json_array_get(defaults, i), "weight", 999);
        while (f->cluster < d->n_clusters && strcmp(d->clusters[f->cluster].is.name, f->cluster_name) != 0)
            f->cluster++;
        if (f->cluster == d->n_clusters)
            wrong(r, "default", "a list of clusters of this file");
    }
}

static void read_balancer(struct reader *r, const json_t *root, struct deployment *d)
{
    const json_t *from = json_object_get(root, "load_balancer");
    const json_t *check = json_object_get(from, "health_check");
    take_text(r, from, "kind", false, d->balancer.kind, sizeof d->balancer.kind);
    take_text(r, from, "version", false, d->balancer.version, sizeof d->balancer.version);
    take_text(r, from, "name", true, d->balancer.name, sizeof d->balancer.name);
    take_text(r, from, "address", false, d->balancer.address, sizeof d->balancer.address);
    d->balancer.port = take_count(r, from, "port", 65535);
    d->algorithm = take_choice(r, from, "algorithm", topology_algorithms);
    take_text(r, check, "path", true, d->health_check.path, sizeof d->health_check.path);
    d->health_check.expect_status = take_count(r, check, "expect_status", 599);
    read_listener(r, json_object_get(from, "listener"), d);
}

static void read_instances(struct reader *r, const json_t *root, struct deployment *d)
{
    const json_t *list =
        take_list(r, root, "instances", (size_t)TOPOLOGY_CLUSTERS_MOST * TOPOLOGY_INSTANCES_MOST);
    for (size_t i = 0; i < json_array_size(list) && r->status == 0; i++) {
        const json_t *from = json_array_get(list, i);
        struct deployment_instance n = { 0 };
        take_text(r, from, "id", true, n.id, sizeof n.id);
        take_text(r, from, "cluster", true, n.cluster, sizeof n.cluster);
        take_text(r, from, "instance_type", true, n.instance_type, sizeof n.instance_type);
        take_text(r, from, "zone", true, n.zone, sizeof n.zone);
        take_text(r, from, "address", false, n.address, sizeof n.address);
        n.port = take_count(r, from, "port", 65535);
        if (r->status == 0)
            r->status = deployment_add_instance(d, &n, r->e);
    }
}

static void read_generator(struct reader *r, const json_t *root, struct deployment *d)
{
    const json_t *from = json_object_get(root, "generator");
    struct deployment_generator *g = &d->generator;
    if (!from || json_is_null(from))
        return;
    take_text(r, from, "id", false, g->id, sizeof g->id);
    take_text(r, from, "instance_type", true, g->instance_type, sizeof g->instance_type);
    take_text(r, from, "zone", true, g->zone, sizeof g->zone);
    take_text(r, from, "address", false, g->address, sizeof g->address);
    g->port = take_count(r, from, "port", 65535);
    take_text(r, from, "user", true, g->user, sizeof g->user);
    take_text(r, from, "ssh_key", false, g->ssh_key, sizeof g->ssh_key);
    take_text(r, from, "host_keys_file", false, g->host_keys_file, sizeof g->host_keys_file);
    take_text(r, from, "package", false, g->package, sizeof g->package);
}

static void read_members(struct reader *r, json_t *from, struct deployment_resource *into)
{
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value)
    {
        if (!json_is_string(value))
            wrong(r, key, "a text, as every member of a set");
        else if (r->status == 0)
            r->status = deployment_resource_set(into, key, json_string_value(value), r->e);
    }
}

static void read_resources(struct reader *r, const json_t *root, struct deployment *d)
{
    const json_t *list = take_list(r, root, "resources", 4096);
    for (size_t i = 0; i < json_array_size(list) && r->status == 0; i++) {
        json_t *from = json_array_get(list, i);
        const char *kind = json_string_value(json_object_get(from, "kind"));
        if (!kind) {
            wrong(r, "resources", "a list of objects with a 'kind'");
            return;
        }
        struct deployment_resource *resource = deployment_add_resource(d, kind, NULL, NULL, r->e);
        if (!resource) {
            r->status = -1;
            return;
        }
        read_members(r, from, resource);
    }
}

static int read_root(const json_t *root, const char *path, struct deployment *d, struct err *e)
{
    struct reader r = { .path = path, .e = e };
    if (!json_is_object(root) || take_count(&r, root, "schema_version", 1000) != DEPLOYMENT_SCHEMA_VERSION)
        return err_set(e, ERR_INPUT, "%s is no deployment file of this version: 'schema_version' must be %d",
                       path, DEPLOYMENT_SCHEMA_VERSION);
    take_text(&r, root, "provider", true, d->provider, sizeof d->provider);
    take_text(&r, root, "run_id", true, d->run_id, sizeof d->run_id);
    take_text(&r, root, "created_utc", true, d->created_utc, sizeof d->created_utc);
    take_text(&r, root, "expires_utc", false, d->expires_utc, sizeof d->expires_utc);
    take_text(&r, root, "topology", true, d->topology, sizeof d->topology);
    take_text(&r, root, "region", true, d->region, sizeof d->region);
    take_text(&r, root, "account", false, d->account, sizeof d->account);
    take_text(&r, root, "owner", false, d->owner, sizeof d->owner);
    take_text(&r, root, "app", true, d->app, sizeof d->app);
    take_text(&r, root, "image", false, d->image, sizeof d->image);
    take_text(&r, root, "url", false, d->url, sizeof d->url);
    take_text(&r, root, "ca_file", false, d->ca_file, sizeof d->ca_file);
    take_text(&r, root, "prices_as_of", false, d->prices_as_of, sizeof d->prices_as_of);
    d->state = (enum deployment_state)take_choice(&r, root, "state", deployment_states);
    d->emulated = json_is_true(json_object_get(root, "emulated"));
    d->redacted = json_is_true(json_object_get(root, "redacted"));
    d->price_usd_per_hour = take_real(&r, root, "price_usd_per_hour");
    read_clusters(&r, root, d);
    read_balancer(&r, root, d);
    read_instances(&r, root, d);
    read_generator(&r, root, d);
    read_members(&r, json_object_get(root, "asked"), &d->asked);
    read_resources(&r, root, d);
    return r.status;
}

int deployment_load(struct deployment *d, const char *path, struct err *e)
{
    char *text;
    size_t length;
    json_error_t where;

    *d = (struct deployment){ 0 };
    if (access(path, F_OK) < 0 && errno == ENOENT)
        return 0;
    if (files_want_regular(path, e) || files_read(path, FILE_BYTES_MOST, &text, &length, e))
        return -1;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &where);
    free(text);
    if (!root)
        return err_set(e, ERR_INPUT, "%s:%d:%d: error: this is not JSON: %s", path, where.line, where.column,
                       where.text);
    const int status = read_root(root, path, d, e);
    json_decref(root);
    if (status) {
        deployment_fini(d);
        return -1;
    }
    return 1;
}
