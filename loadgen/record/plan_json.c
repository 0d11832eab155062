#include "plan_json.h"

#include "book_query.h"

#include <stdio.h>
#include <string.h>

static json_t *text_or_null(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

static json_t *count(uint64_t n)
{
    return json_integer((json_int_t)n);
}

static json_t *deployment_json(const struct plan_deployment *d)
{
    if (!d->present)
        return json_null();
    return json_pack("{s:o, s:b, s:o, s:o, s:o}", "provider", text_or_null(d->provider), "emulated",
                     d->emulated, "run_id", text_or_null(d->run_id), "topology", text_or_null(d->topology),
                     "app", text_or_null(d->app));
}

static json_t *cluster_json(const struct plan_cluster *c)
{
    json_t *instances = json_array();
    for (size_t i = 0; i < c->n_instances; i++)
        json_array_append_new(instances, json_string(c->instances[i]));
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "name", c->name, "label",
                     *c->label ? c->label : c->name, "path", text_or_null(c->path), "instance_type",
                     text_or_null(c->instance_type), "zone", text_or_null(c->zone), "instances", instances);
}

static bool is_planned(const struct plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->n_clusters; i++)
        if (strcmp(plan->clusters[i].name, name) == 0)
            return true;
    return false;
}

/* The plan's clusters and those that only streams name. */
static json_t *clusters_json(const struct plan *plan)
{
    struct book_cluster named[PLAN_STREAMS_MOST];
    const uint32_t n_named = book_clusters(plan, named);
    json_t *list = json_array();
    for (size_t i = 0; i < plan->n_clusters; i++)
        json_array_append_new(list, cluster_json(&plan->clusters[i]));
    for (uint32_t i = 0; i < n_named; i++) {
        struct plan_cluster bare = { .path = NULL };
        if (is_planned(plan, named[i].name))
            continue;
        snprintf(bare.name, sizeof bare.name, "%s", named[i].name);
        json_array_append_new(list, cluster_json(&bare));
    }
    return list;
}

static json_t *stream_json(const struct plan_stream *s)
{
    const bool is_open = s->model == PLAN_OPEN;
    const char *arrivals = s->arrivals == PLAN_POISSON ? "poisson" : "constant";
    const struct plan_request *first = s->n_requests > 0 ? &s->requests[0] : NULL;
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:f, s:b}", "name", s->name, "cluster", s->cluster,
        "model", is_open ? "open" : "closed", "headline", metric_name(book_headline(s)), "users",
        is_open ? json_null() : count(s->n_users), "connections", count(s->n_connections), "arrivals",
        is_open ? json_string(arrivals) : json_null(), "method", text_or_null(first ? first->method : NULL),
        "path", text_or_null(first ? first->path : NULL), "timeout_s", (double)s->timeout_ns / 1e9,
        "captures_instance", s->expect.has_instance);
}

void plan_json_set(json_t *run, const struct plan *plan)
{
    json_t *streams = json_array();
    for (size_t s = 0; s < plan->n_streams; s++)
        json_array_append_new(streams, stream_json(&plan->streams[s]));
    json_object_set_new(
        run, "target",
        json_pack("{s:o, s:b}", "url", text_or_null(plan->target.url), "tls", plan->target.tls));
    json_object_set_new(run, "deployment", deployment_json(&plan->deployment));
    json_object_set_new(run, "clusters", clusters_json(plan));
    json_object_set_new(run, "streams", streams);
}

static const char *const kind_names[] = {
    [PLAN_PHASE_REQUESTS] = "requests", [PLAN_PHASE_DURATION] = "duration", [PLAN_PHASE_RATE] = "rate",
    [PLAN_PHASE_RAMP] = "ramp",         [PLAN_PHASE_BURST] = "burst",       [PLAN_PHASE_PAUSE] = "pause",
};

json_t *plan_json_phase(const struct plan_stream *stream, size_t k)
{
    const struct plan_phase *phase = &stream->phases[k];
    const bool has_count = phase->kind != PLAN_PHASE_DURATION && phase->kind != PLAN_PHASE_PAUSE;
    const bool has_rate = phase->kind == PLAN_PHASE_RATE || phase->kind == PLAN_PHASE_RAMP;
    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:o}", "stream", stream->name, "cluster",
                     stream->cluster, "phase", phase->name, "kind", kind_names[phase->kind], "warmup",
                     phase->warmup, "requests_n", has_count ? count(phase->n_requests) : json_null(),
                     "rate_per_s", has_rate ? json_real(phase->rate_per_s) : json_null(), "rate_end_per_s",
                     has_rate ? json_real(phase->rate_end_per_s) : json_null());
}
