#include "plan_json.h"

#include "json_tree.h"
#include "phase_clock.h"
#include "round_trips.h"
#include "run_clusters.h"
#include "stats_query.h"

#include <string.h>

static json_t *deployment_json(const struct plan_deployment *d)
{
    if (!d->present)
        return json_null();
    return json_pack("{s:o, s:b, s:o, s:o, s:o}", "provider", json_tree_text_or_null(d->provider), "emulated",
                     d->emulated, "run_id", json_tree_text_or_null(d->run_id), "topology",
                     json_tree_text_or_null(d->topology), "app", json_tree_text_or_null(d->app));
}

static json_t *cluster_json(const struct run_cluster *named, const struct plan_cluster *c)
{
    json_t *instances = json_array();
    for (size_t i = 0; i < c->n_instances; i++)
        json_tree_append(&instances, json_tree_text(c->instances[i]));
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "name", named->name, "label", named->label, "path",
                     json_tree_text_or_null(c->path), "instance_type",
                     json_tree_text_or_null(c->instance_type), "zone", json_tree_text_or_null(c->zone),
                     "instances", instances);
}

static json_t *clusters_json(const struct plan *plan)
{
    static const struct plan_cluster unknown = { .path = NULL };
    struct run_cluster clusters[RUN_CLUSTERS_MOST];
    const size_t n = run_clusters(plan, clusters);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_tree_append(&list,
                         cluster_json(&clusters[i], clusters[i].planned ? clusters[i].planned : &unknown));
    return list;
}

/* 0: not measured. */
static uint64_t round_trip_ns(const struct round_trips *round_trips, size_t stream)
{
    return round_trips ? round_trips->of_stream_ns[stream] : 0;
}

/* NULL: the stream has none. */
static json_t *rows_json(const struct plan_stream *s)
{
    static const char *const kinds[] = {
        [PLAN_ROW_REQUESTS] = "step", [PLAN_ROW_REDIRECT] = "redirect", [PLAN_ROW_SESSION] = "session"
    };
    json_t *list = s->rows ? json_array() : NULL;
    for (size_t i = 0; list && i < s->n_rows; i++)
        json_tree_append(&list,
                         json_pack("{s:s, s:s}", "name", s->rows[i].name, "kind", kinds[s->rows[i].kind]));
    return list;
}

const char *plan_json_http(const struct plan_target *target)
{
    static const char *const names[] = {
        [PLAN_HTTP_1] = "1.1", [PLAN_HTTP_2] = "2", [PLAN_HTTP_2_PRIOR] = "2-prior-knowledge"
    };
    return names[target->http];
}

/* What ALPN negotiated, since nothing else is accepted; null without TLS. */
static json_t *alpn_json(const struct plan_target *target)
{
    const char *given = target->tls_options.alpn ? target->tls_options.alpn : "http/1.1";
    return target->tls ? json_tree_text(target->http == PLAN_HTTP_2 ? "h2" : given) : json_null();
}

static json_t *stream_json(const struct plan *plan, const struct plan_stream *s, uint64_t round_trip)
{
    const bool is_open = s->model == PLAN_OPEN;
    static const char *const arrivals_names[] = {
        [PLAN_CONSTANT] = "constant", [PLAN_POISSON] = "poisson", [PLAN_RECORDED] = "recorded"
    };
    const char *arrivals = arrivals_names[s->arrivals];
    const struct plan_request *first = s->n_requests > 0 ? &s->requests[0] : NULL;
    json_t *stream = json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:f, s:o, s:b}", "name", s->name, "cluster",
        s->cluster, "model", is_open ? "open" : "closed", "headline", metric_name(stats_headline(s)), "users",
        is_open ? json_null() : json_tree_count(s->n_users), "connections", json_tree_count(s->n_connections),
        "arrivals", is_open ? json_string(arrivals) : json_null(), "method",
        json_tree_text_or_null(first ? first->method : NULL), "path",
        json_tree_text_or_null(first ? first->path : NULL), "timeout_s", (double)s->timeout_ns / 1e9,
        "round_trip_us", round_trip > 0 ? json_real((double)round_trip / 1e3) : json_null(),
        "captures_instance", s->expect.has_instance);
    json_tree_set(&stream, "http", json_string(plan_json_http(plan_target_of(plan, s))));
    json_tree_set(&stream, "streams_per_connection",
                  plan_is_http2(plan, s) ? json_tree_count(s->in_flight_most) : json_null());
    const char *url = plan_target_of(plan, s)->url, *main = plan_main_target(plan)->url;
    if (url && main && strcmp(url, main) != 0)
        json_tree_set(&stream, "target", json_tree_text(url));
    if (s->rows)
        json_tree_set(&stream, "rows", rows_json(s));
    return stream;
}

void plan_json_set(json_t **run, const struct plan *plan, const struct round_trips *round_trips)
{
    const struct plan_target *target = plan_main_target(plan);
    json_t *streams = json_array();
    for (size_t s = 0; s < plan->n_streams; s++)
        json_tree_append(&streams, stream_json(plan, &plan->streams[s], round_trip_ns(round_trips, s)));
    json_tree_set(run, "target",
                  json_pack("{s:o, s:b, s:s, s:o}", "url", json_tree_text_or_null(target->url), "tls",
                            target->tls, "http", plan_json_http(target), "alpn", alpn_json(target)));
    json_tree_set(run, "deployment", deployment_json(&plan->deployment));
    json_tree_set(run, "clusters", clusters_json(plan));
    json_tree_set(run, "streams", streams);
}

json_t *plan_json_phase(const struct plan_stream *stream, size_t k)
{
    const struct plan_phase *phase = &stream->phases[k];
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:o}", "stream", stream->name, "cluster", stream->cluster,
        "phase", phase->name, "kind", phase_kind_name(phase->kind), "warmup", phase->warmup, "requests_n",
        phase_has_count(phase->kind) ? json_tree_count(phase->n_requests) : json_null(), "rate_per_s",
        phase_has_rate(phase->kind) ? json_real(phase->rate_per_s) : json_null(), "rate_end_per_s",
        phase_has_rate(phase->kind) ? json_real(phase->rate_end_per_s) : json_null());
}
