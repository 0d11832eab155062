#include "plan.h"

#include <stdlib.h>
#include <string.h>

static void free_texts(char **texts, size_t n)
{
    for (size_t i = 0; texts && i < n; i++)
        free(texts[i]);
    free(texts);
}

static void headers_fini(struct plan_header *headers, size_t n)
{
    for (size_t i = 0; headers && i < n; i++) {
        free(headers[i].name);
        free(headers[i].value);
    }
    free(headers);
}

void plan_request_fini(struct plan_request *r)
{
    for (size_t i = 0; r->pieces && i < r->n_pieces; i++)
        free(r->pieces[i].text);
    free(r->pieces);
    free(r->method);
    free(r->path);
    *r = (struct plan_request){ 0 };
}

void plan_stream_fini(struct plan_stream *s)
{
    for (size_t i = 0; s->requests && i < s->n_requests; i++)
        plan_request_fini(&s->requests[i]);
    free(s->requests);
    free(s->phases);
    free_texts(s->feed.cells, s->feed.n_rows * s->feed.n_columns);
    free_texts(s->feed.columns, s->feed.n_columns);
    free(s->expect.body_before);
    free(s->expect.body_after);
    headers_fini(s->expect.headers, s->expect.n_headers);
    *s = (struct plan_stream){ 0 };
}

static void cluster_fini(struct plan_cluster *c)
{
    free(c->path);
    free(c->instance_type);
    free(c->zone);
    free_texts(c->instances, c->n_instances);
}

static void overrides_fini(struct plan_override *overrides, size_t n)
{
    for (size_t i = 0; overrides && i < n; i++) {
        free(overrides[i].host);
        free(overrides[i].to_host);
    }
    free(overrides);
}

static void target_fini(struct plan_target *t)
{
    free(t->url);
    free(t->host);
    free(t->host_header);
    free(t->base_path);
    free(t->unix_socket);
    overrides_fini(t->connect_to, t->n_connect_to);
    overrides_fini(t->resolve, t->n_resolve);
    free_texts(t->bind_addresses, t->n_bind_addresses);
    free(t->name_server);
    free(t->tls_options.ca_file);
    free(t->tls_options.cert_file);
    free(t->tls_options.key_file);
    free(t->tls_options.server_name);
    free(t->tls_options.alpn);
}

static void deployment_fini(struct plan_deployment *d)
{
    free(d->file);
    free(d->provider);
    free(d->run_id);
    free(d->topology);
    free(d->app);
    free(d->json);
}

void plan_fini(struct plan *plan)
{
    for (size_t i = 0; plan->streams && i < plan->n_streams; i++)
        plan_stream_fini(&plan->streams[i]);
    for (size_t i = 0; plan->clusters && i < plan->n_clusters; i++)
        cluster_fini(&plan->clusters[i]);
    for (size_t i = 0; plan->thresholds && i < plan->n_thresholds; i++)
        free(plan->thresholds[i].text);
    free(plan->streams);
    free(plan->clusters);
    free(plan->thresholds);
    target_fini(&plan->target);
    deployment_fini(&plan->deployment);
    free(plan->scenario_file);
    free(plan->scenario_text);
    *plan = (struct plan){ 0 };
}

size_t plan_find_cluster(const struct plan *plan, const char *name)
{
    size_t i = 0;
    while (i < plan->n_clusters && strcmp(plan->clusters[i].name, name) != 0)
        i++;
    return i;
}

uint64_t plan_n_connections(const struct plan *plan)
{
    uint64_t n = 0;
    for (size_t i = 0; i < plan->n_streams; i++)
        n += plan->streams[i].n_connections;
    return n;
}
