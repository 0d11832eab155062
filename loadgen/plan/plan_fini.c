/* Frees a plan and its streams. */
#include "plan.h"
#include "recording.h"
#include "session.h"

#include <stdlib.h>

static void free_texts(char **texts, size_t n)
{
    for (size_t i = 0; texts && i < n; i++)
        free(texts[i]);
    free(texts);
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
    *t = (struct plan_target){ 0 };
}

void plan_stream_fini(struct plan_stream *s)
{
    for (size_t i = 0; s->requests && i < s->n_requests; i++)
        plan_request_fini(&s->requests[i]);
    free(s->requests);
    for (size_t i = 0; s->phases && i < s->n_phases; i++)
        recording_part_free(s->phases[i].replay);
    free(s->phases);
    recording_free(s->recording);
    free(s->feeds);
    free(s->rows);
    plan_expect_fini(&s->expect);
    if (s->session)
        session_fini(s->session);
    free(s->session);
    if (s->target)
        target_fini(s->target);
    free(s->target);
    *s = (struct plan_stream){ 0 };
}

void plan_feed_free(struct plan_feed *f)
{
    if (!f)
        return;
    free_texts(f->cells, f->n_rows * f->n_columns);
    free_texts(f->columns, f->n_columns);
    free(f->file);
    free(f);
}

static void cluster_fini(struct plan_cluster *c)
{
    free(c->path);
    free(c->instance_type);
    free(c->zone);
    free_texts(c->instances, c->n_instances);
}

static void deployment_fini(struct plan_deployment *d)
{
    free(d->file);
    free(d->provider);
    free(d->run_id);
    free(d->topology);
    free(d->app);
    free(d->json);
    free(d->generator.id);
    free(d->generator.instance_type);
    free(d->generator.zone);
    free(d->generator.address);
    free(d->generator.user);
    free(d->generator.ssh_key);
    free(d->generator.host_keys_file);
}

void plan_fini(struct plan *plan)
{
    for (size_t i = 0; plan->streams && i < plan->n_streams; i++)
        plan_stream_fini(&plan->streams[i]);
    for (size_t i = 0; plan->clusters && i < plan->n_clusters; i++)
        cluster_fini(&plan->clusters[i]);
    for (size_t i = 0; plan->thresholds && i < plan->n_thresholds; i++)
        free(plan->thresholds[i].text);
    for (size_t i = 0; plan->feeds && i < plan->n_feeds; i++)
        plan_feed_free(plan->feeds[i]);
    free(plan->feeds);
    free(plan->streams);
    free(plan->clusters);
    free(plan->thresholds);
    target_fini(&plan->target);
    deployment_fini(&plan->deployment);
    free(plan->scenario_file);
    free(plan->scenario_text);
    free_texts(plan->files, plan->n_files);
    *plan = (struct plan){ 0 };
}
