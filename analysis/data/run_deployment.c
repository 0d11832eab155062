#include "run_deployment.h"

#include "err.h"
#include "json_want.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, DEPLOYMENT_MOST_BYTES = 64 << 20 };

static void read_share(struct json_want *w, struct json_place at, void *row)
{
    struct deployment_share *share = row;
    share->cluster = json_want_text(w, at, "cluster");
    share->weight = json_want_count_or(w, at, "weight", 1);
}

static void read_rule(struct json_want *w, struct json_place at, void *row)
{
    struct deployment_rule *rule = row;
    rule->priority = json_want_count(w, at, "priority");
    rule->paths = json_want_array(w, at, "paths");
    rule->cluster = json_want_text(w, at, "cluster");
}

static void read_cluster(struct json_want *w, struct json_place at, void *row)
{
    struct deployment_cluster *c = row;
    c->name = json_want_text(w, at, "name");
    c->path = json_want_text(w, at, "path");
    c->label = json_want_text_or_null(w, at, "label");
    c->instance_type = json_want_text_or_null(w, at, "instance_type");
    c->zone = json_want_text_or_null(w, at, "zone");
    c->specification = json_want_text_or_null(w, at, "specification");
    c->count = json_want_count(w, at, "count");
    c->price_usd_per_hour = json_want_real_or_null(w, at, "price_usd_per_hour");
}

static void read_instance(struct json_want *w, struct json_place at, void *row)
{
    struct deployment_instance *instance = row;
    instance->id = json_want_text(w, at, "id");
    instance->cluster = json_want_text(w, at, "cluster");
}

static void read_balancer(struct deployment *d, struct json_want *w, struct json_place top)
{
    const struct json_place balancer = { json_want_object_or_null(w, top, "load_balancer"), "load_balancer" };
    if (!balancer.object)
        return; /* the deployment is incomplete */
    d->balancer = json_want_text(w, balancer, "kind");
    d->balancer_version = json_want_text_or_null(w, balancer, "version");
    d->algorithm = json_want_text_or_null(w, balancer, "algorithm");
    const struct json_place health = { json_want_object_or_null(w, balancer, "health_check"),
                                       "load_balancer.health_check" };
    if (health.object) {
        d->health_path = json_want_text_or_null(w, health, "path");
        d->health_status = json_want_count_or(w, health, "expect_status", 200);
    }
    const struct json_place listener = { json_want_object_or_null(w, balancer, "listener"),
                                         "load_balancer.listener" };
    if (!listener.object)
        return;
    d->protocol = json_want_text(w, listener, "protocol");
    d->port = json_want_count(w, listener, "port");
    d->shares = json_want_rows(w, listener, "default", sizeof *d->shares, read_share, &d->n_shares);
    d->rules = json_want_rows(w, listener, "rules", sizeof *d->rules, read_rule, &d->n_rules);
}

int run_deployment_read(struct deployment *d, const char *folder, struct err *e)
{
    char path[PATH_BYTES];
    *d = (struct deployment){ 0 };
    snprintf(path, sizeof path, "%s/deployment.json", folder);
    if (access(path, F_OK))
        return 0;
    d->root = json_want_file(path, DEPLOYMENT_MOST_BYTES, e);
    if (!d->root)
        return -1;
    struct json_want w = { .file = path, .e = e };
    const struct json_place top = { d->root, "" };
    d->emulated = json_want_flag(&w, top, "emulated");
    d->provider = json_want_text(&w, top, "provider");
    d->topology = json_want_text_or_null(&w, top, "topology");
    d->region = json_want_text_or_null(&w, top, "region");
    d->app = json_want_text_or_null(&w, top, "app");
    d->image = json_want_text_or_null(&w, top, "image");
    d->prices_as_of = json_want_text_or_null(&w, top, "prices_as_of");
    d->price_usd_per_hour = json_want_real_or_null(&w, top, "price_usd_per_hour");
    read_balancer(d, &w, top);
    d->clusters = json_want_rows(&w, top, "clusters", sizeof *d->clusters, read_cluster, &d->n_clusters);
    d->instances = json_want_rows(&w, top, "instances", sizeof *d->instances, read_instance, &d->n_instances);
    return w.failed ? -1 : 1;
}

void run_deployment_fini(struct deployment *d)
{
    free(d->shares);
    free(d->rules);
    free(d->clusters);
    free(d->instances);
    json_decref(d->root);
    *d = (struct deployment){ 0 };
}
