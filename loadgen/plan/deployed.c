#include "deployed.h"

#include "clock.h"
#include "err.h"
#include "fields.h"
#include "input_files.h"
#include "plan.h"
#include "tags.h"
#include "target.h"
#include "utf8.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MOST = 16 * 1024 * 1024, SCHEMA_VERSION = 1 };

static int out_of_memory(struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory while reading the deployment file");
}

/* Copies an optional text member. */
static int copy_text(const json_t *object, const char *key, char **field, struct err *e)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text && target_set_text(field, text, e))
        return -1;
    if (text)
        utf8_line(*field); /* it will be shown */
    return 0;
}

static int read_cluster(struct plan_cluster *c, const json_t *object, struct err *e)
{
    const char *name = json_string_value(json_object_get(object, "name"));
    const char *label = json_string_value(json_object_get(object, "label"));
    if (!name || fields_copy_name(name, c->name))
        return err_set(e, ERR_INPUT, "a cluster's name must be " FIELDS_NAME_FORM ", not '%.64s'",
                       name ? name : "");
    if (!label || fields_copy_name(label, c->label))
        memcpy(c->label, c->name, sizeof c->label);
    return copy_text(object, "path", &c->path, e) ||
                   copy_text(object, "instance_type", &c->instance_type, e) ||
                   copy_text(object, "zone", &c->zone, e)
               ? -1
               : 0;
}

static int read_clusters(struct plan *plan, const json_t *root, struct err *e)
{
    const json_t *list = json_object_get(root, "clusters");
    const size_t n = json_array_size(list);
    if (n == 0)
        return err_set(e, ERR_INPUT, "'clusters' must be a list of at least one");
    plan->clusters = calloc(n, sizeof *plan->clusters);
    if (!plan->clusters)
        return out_of_memory(e);
    for (; plan->n_clusters < n; plan->n_clusters++) {
        struct plan_cluster *c = &plan->clusters[plan->n_clusters];
        if (read_cluster(c, json_array_get(list, plan->n_clusters), e)) {
            plan->n_clusters++; /* it may own something already */
            return -1;
        }
        if (plan_find_cluster(plan, c->name) < plan->n_clusters) {
            plan->n_clusters++;
            return err_set(e, ERR_INPUT, "cluster '%s' is listed twice", c->name);
        }
    }
    return 0;
}

static int read_instance(struct plan *plan, const json_t *object, struct err *e)
{
    const char *id = json_string_value(json_object_get(object, "id"));
    const char *name = json_string_value(json_object_get(object, "cluster"));
    const size_t i = name ? plan_find_cluster(plan, name) : plan->n_clusters;
    if (!id || !*id || strlen(id) >= PLAN_INSTANCE_BYTES || i == plan->n_clusters)
        return err_set(e, ERR_INPUT, "an instance must have an id and name one of the clusters");
    char kept[TAGS_INSTANCE_BYTES]; /* in the form in which the ids of responses are kept */
    tags_instance(id, strlen(id), kept);
    struct plan_cluster *c = &plan->clusters[i];
    char **larger = realloc(c->instances, (c->n_instances + 1) * sizeof *larger);
    if (!larger)
        return out_of_memory(e);
    c->instances = larger;
    larger[c->n_instances] = NULL;
    return target_set_text(&larger[c->n_instances++], kept, e);
}

static int read_instances(struct plan *plan, const json_t *root, struct err *e)
{
    const json_t *list = json_object_get(root, "instances");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (read_instance(plan, json_array_get(list, i), e))
            return -1;
    return 0;
}

static int read_generator(struct plan_generator *g, const json_t *object, struct err *e)
{
    g->port = (uint16_t)json_integer_value(json_object_get(object, "port"));
    return copy_text(object, "id", &g->id, e) || copy_text(object, "instance_type", &g->instance_type, e) ||
                   copy_text(object, "zone", &g->zone, e) || copy_text(object, "address", &g->address, e) ||
                   copy_text(object, "user", &g->user, e) || copy_text(object, "ssh_key", &g->ssh_key, e) ||
                   copy_text(object, "host_keys_file", &g->host_keys_file, e)
               ? -1
               : 0;
}

static int check_state(const json_t *root, struct err *e)
{
    const json_t *version = json_object_get(root, "schema_version");
    const char *state = json_string_value(json_object_get(root, "state"));
    if (!json_is_integer(version) || json_integer_value(version) != SCHEMA_VERSION)
        return err_set(e, ERR_INPUT, "'schema_version' must be %d; the file was written by another version",
                       SCHEMA_VERSION);
    if (!state)
        return err_set(e, ERR_INPUT, "'state' is missing");
    if (strcmp(state, "up") != 0)
        return err_set(e, ERR_INPUT,
                       "the deployment is not up but '%.32s'; `loadgen provision status` shows more, "
                       "`loadgen provision up` brings it up",
                       state);
    return 0;
}

/* How the URL's certificate is verified. */
static int read_tls(struct plan_tls *tls, const json_t *root, struct err *e)
{
    const json_t *listener = json_object_get(json_object_get(root, "load_balancer"), "listener");
    return copy_text(root, "ca_file", &tls->ca_file, e) ||
                   copy_text(listener, "server_name", &tls->server_name, e)
               ? -1
               : 0;
}

static bool is_false(const json_t *root, const char *key)
{
    return json_is_false(
        json_object_get(json_object_get(json_object_get(root, "load_balancer"), "listener"), key));
}

static const char lacks_tls[] = "an Application Load Balancer speaks HTTP/2 over TLS alone, and this one's "
                                "listener is HTTP: give the topology's listener `protocol: HTTPS`";

static bool needs_tls(const struct plan_deployment *d, const struct plan_target *t)
{
    return t->http != PLAN_HTTP_1 && !t->tls && d->provider && strcmp(d->provider, "aws") == 0;
}

/* Whether the load balancer speaks the version of HTTP that the stream asks for. */
static int check_http(const struct plan_deployment *d, const struct plan_stream *s,
                      const struct plan_target *t, struct err *e)
{
    if (needs_tls(d, t))
        return err_set(e, ERR_INPUT, "stream '%s': %s", s->name, lacks_tls);
    if (t->http == PLAN_HTTP_2 && d->lacks_http2)
        return err_set(
            e, ERR_INPUT,
            "stream '%s': the load balancer does not offer HTTP/2: its topology has `http2: false`", s->name);
    return 0;
}

int deployed_check_http(const struct plan *plan, struct err *e)
{
    const struct plan_deployment *d = &plan->deployment;
    for (size_t i = 0; d->present && i < plan->n_streams; i++) {
        const struct plan_target *t = plan_target_of(plan, &plan->streams[i]);
        if (strcmp(t->url, plan->target.url) == 0 && check_http(d, &plan->streams[i], t, e))
            return err_prefix(e, "%s", d->file);
    }
    return 0;
}

static int read_root(struct plan *plan, const json_t *root, struct err *e)
{
    struct plan_deployment *d = &plan->deployment;
    const char *url = json_string_value(json_object_get(root, "url"));
    const char *expires = json_string_value(json_object_get(root, "expires_utc"));
    if (!json_is_object(root))
        return err_set(e, ERR_INPUT, "the file must hold a JSON object");
    if (check_state(root, e))
        return -1;
    if (!url)
        return err_set(e, ERR_INPUT, "'url' is missing");
    d->present = true;
    d->usd_per_hour = json_number_value(json_object_get(root, "price_usd_per_hour"));
    clock_utc_parse(expires ? expires : "", &d->expires_ns);
    d->lacks_http2 = is_false(root, "http2");
    d->emulated = json_is_true(json_object_get(root, "emulated"));
    if (target_parse_url(&plan->target, url, e) || copy_text(root, "provider", &d->provider, e) ||
        copy_text(root, "run_id", &d->run_id, e) || copy_text(root, "topology", &d->topology, e) ||
        copy_text(root, "app", &d->app, e) || read_tls(&plan->target.tls_options, root, e))
        return -1;
    if (read_generator(&d->generator, json_object_get(root, "generator"), e))
        return -1;
    /* HTTP/2 by ALPN over http:// would be refused for every stream; here it is known why. */
    if (plan->target.http == PLAN_HTTP_2 && needs_tls(d, &plan->target))
        return err_set(e, ERR_INPUT, "%s", lacks_tls);
    return read_clusters(plan, root, e) || read_instances(plan, root, e) ? -1 : 0;
}

int deployed_load(struct plan *plan, struct input_files *in, const char *path, struct err *e)
{
    size_t length;
    json_error_t mistake;
    if (!input_files_has(in, path))
        return err_set(e, ERR_INPUT,
                       "there is no deployment: %s does not exist; `loadgen provision up` makes one", path);
    if (input_files_read(in, path, FILE_BYTES_MOST, &plan->deployment.json, &length, e) ||
        target_set_text(&plan->deployment.file, path, e))
        return -1;
    json_t *root = json_loadb(plan->deployment.json, length, JSON_REJECT_DUPLICATES, &mistake);
    if (!root)
        return err_set(e, ERR_INPUT, "%s:%d:%d: error: not JSON: %s", path, mistake.line, mistake.column,
                       mistake.text);
    const int status = read_root(plan, root, e);
    json_decref(root);
    return status ? err_prefix(e, "%s", path) : 0;
}
