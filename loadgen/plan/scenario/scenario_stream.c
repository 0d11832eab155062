/* The streams of a scenario: keys, load model, and the combinations that cannot be. */
#include "err.h"
#include "feed.h"
#include "nearest.h"
#include "rows.h"
#include "scenario_fields.h"
#include "scenario_parts.h"
#include "stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct raw_stream {
    struct plan_stream plan; /* what the table fills in directly */
    int arrivals, mix;
    bool keep_alive;
    uint64_t pipeline, streams_per_connection;
    const char *feed;
    struct plan_feed *csv; /* read from it; the plan's */
    const struct yaml_node *cluster, *target, *request, *requests, *session, *expect, *phases;
};

static const char *const arrivals_names[] = { "constant", "poisson", "recorded", NULL };
static const char *const mix_names[] = { "sequence", "weighted", NULL };

const struct field scenario_stream_fields[] = {
    { FIELD("name", FIELD_NAME, struct raw_stream, plan.name) },
    { FIELD("cluster", FIELD_NODE, struct raw_stream, cluster) },
    { FIELD("target", FIELD_NODE, struct raw_stream, target) },
    { FIELD("request", FIELD_NODE, struct raw_stream, request) },
    { FIELD("requests", FIELD_NODE, struct raw_stream, requests) },
    { FIELD("session", FIELD_NODE, struct raw_stream, session) },
    { FIELD("ramp_users", FIELD_DURATION, struct raw_stream, plan.ramp_users_ns),
      .most = SCENARIO_DURATION_MOST_NS },
    { FIELD("mix", FIELD_CHOICE, struct raw_stream, mix), .choices = mix_names },
    { FIELD("feed", FIELD_TEXT, struct raw_stream, feed) },
    { FIELD("expect", FIELD_NODE, struct raw_stream, expect) },
    { FIELD("users", FIELD_COUNT, struct raw_stream, plan.n_users), .least = 1, .most = PLAN_USERS_MOST },
    { FIELD("think", FIELD_DURATION, struct raw_stream, plan.think_ns), .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("arrivals", FIELD_CHOICE, struct raw_stream, arrivals), .choices = arrivals_names },
    { FIELD("connections", FIELD_COUNT, struct raw_stream, plan.n_connections), .least = 1,
      .most = PLAN_USERS_MOST },
    { FIELD("queue", FIELD_COUNT, struct raw_stream, plan.queue_most), .most = STREAM_QUEUE_MOST },
    { FIELD("keep_alive", FIELD_FLAG, struct raw_stream, keep_alive) },
    { FIELD("requests_per_connection", FIELD_COUNT, struct raw_stream, plan.requests_per_connection),
      .least = 1, .most = SCENARIO_COUNT_MOST },
    { FIELD("pipeline", FIELD_COUNT, struct raw_stream, pipeline), .least = 1, .most = STREAM_PIPELINE_MOST },
    { FIELD("streams_per_connection", FIELD_COUNT, struct raw_stream, streams_per_connection), .least = 1,
      .most = STREAM_H2_STREAMS_MOST },
    { FIELD("idle_limit", FIELD_DURATION, struct raw_stream, plan.idle_limit_ns),
      .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("connect_timeout", FIELD_DURATION, struct raw_stream, plan.connect_timeout_ns), .least = 1000000,
      .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("timeout", FIELD_DURATION, struct raw_stream, plan.timeout_ns), .least = 1000000,
      .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("phases", FIELD_NODE, struct raw_stream, phases) },
    { 0 },
};

/* Mistake at the first of the keys that the stream has. */
static int refuse_keys(const struct yaml_file *f, const struct yaml_node *node, const char *const *keys,
                       const char *sentence, struct err *e)
{
    for (size_t i = 0; keys[i]; i++) {
        const struct yaml_node *value = yaml_find(node, keys[i]);
        if (value)
            return yaml_mistake(f, value->key, e, "'%s' %s", keys[i], sentence);
    }
    return 0;
}

static bool any_phase_has(const struct yaml_node *phases, const char *key)
{
    for (const struct yaml_node *p = phases ? phases->first : NULL; p; p = p->next)
        if (yaml_find(p, key))
            return true;
    return false;
}

static bool is_recorded(const struct raw_stream *raw)
{
    return raw->arrivals == PLAN_RECORDED || any_phase_has(raw->phases, "replay");
}

/* Users make a stream closed; arrivals, or without both a rate or a recording in its phases, make it open. */
static int choose_model(const struct yaml_file *f, const struct yaml_node *node, struct raw_stream *raw,
                        struct err *e)
{
    static const char *const open_keys[] = { "arrivals", "connections", "queue", NULL };
    static const char *const closed_keys[] = { "think", "ramp_users", NULL };
    struct plan_stream *s = &raw->plan;
    const bool is_open =
        !s->n_users && (yaml_find(node, "arrivals") || is_recorded(raw) ||
                        any_phase_has(raw->phases, "rate") || any_phase_has(raw->phases, "burst"));
    s->model = is_open ? PLAN_OPEN : PLAN_CLOSED;
    s->arrivals = (enum plan_arrivals)raw->arrivals;
    if (is_open && !yaml_find(node, "arrivals") && is_recorded(raw))
        s->arrivals = PLAN_RECORDED;
    if (is_open)
        return refuse_keys(f, node, closed_keys,
                           "belongs to users, and this stream is open: it sends by schedule", e);
    if (s->n_users == 0)
        s->n_users = 1;
    return refuse_keys(f, node, open_keys,
                       "belongs to an open stream, and this one has users: leave out one of the two", e);
}

/* Over HTTP/2 a connection has streams_per_connection users, so that users are requests at once. */
static int check_users(const struct yaml_file *f, const struct yaml_node *node, const struct plan_stream *s,
                       struct err *e)
{
    const uint64_t n = s->in_flight_most;
    const uint64_t below = s->n_users / n * n;
    const struct yaml_node *users = yaml_find(node, "users");
    char nearest[64];
    if (s->model != PLAN_CLOSED || s->n_users % n == 0)
        return 0;
    if (below > 0)
        snprintf(nearest, sizeof nearest, "%" PRIu64 " or %" PRIu64, below, below + n);
    else
        snprintf(nearest, sizeof nearest, "%" PRIu64, n);
    return yaml_mistake(f, users ? users : yaml_find(node, "streams_per_connection"), e,
                        "'users' must be a multiple of streams_per_connection, which is %" PRIu64
                        ": %s, not %" PRIu64,
                        n, nearest, s->n_users);
}

static int choose_connections(const struct yaml_file *f, const struct yaml_node *node, struct raw_stream *raw,
                              struct err *e)
{
    static const char *const limit[] = { "requests_per_connection", NULL };
    if (!raw->keep_alive && refuse_keys(f, node, limit, "needs keep_alive, which is false", e))
        return -1;
    if (!raw->keep_alive)
        raw->plan.requests_per_connection = 1;
    return 0;
}

/* How many requests are open at once on a connection. */
static int choose_in_flight(const struct scenario_reader *r, const struct yaml_node *node,
                            struct raw_stream *raw, struct err *e)
{
    static const char *const pipeline[] = { "pipeline", NULL };
    static const char *const streams[] = { "streams_per_connection", NULL };
    struct plan_stream *s = &raw->plan;
    const bool is_http2 = plan_is_http2(r->plan, s);
    const char *need = r->overrides->target.http1 ? "needs HTTP/2, which --http1.1 replaces"
                                                  : "needs HTTP/2: set 'http' in the target";
    if (refuse_keys(&r->file, node, is_http2 ? pipeline : streams,
                    is_http2 ? "is for HTTP/1.1, and this stream speaks HTTP/2: use "
                               "'streams_per_connection'"
                             : need,
                    e))
        return -1;
    s->in_flight_most = (uint32_t)(is_http2 ? raw->streams_per_connection : raw->pipeline);
    if (s->requests_per_connection == 1 && s->in_flight_most > 1)
        return refuse_keys(&r->file, node, is_http2 ? streams : pipeline,
                           "needs connections that are kept for more than one request", e);
    return is_http2 ? check_users(&r->file, node, s, e) : 0;
}

static int unknown_cluster(const struct scenario_reader *r, const struct yaml_node *node, const char *name,
                           struct err *e)
{
    const char *names[PLAN_STREAMS_MOST];
    char list[512] = "";
    size_t used = 0;
    size_t n = 0;
    for (; n < r->plan->n_clusters && n < PLAN_STREAMS_MOST; n++) {
        names[n] = r->plan->clusters[n].name;
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", n ? ", " : "", names[n]);
    }
    const char *near = nearest_word(name, names, n);
    if (near)
        return yaml_mistake(&r->file, node, e, "the deployment has no cluster '%.64s'; did you mean '%s'?",
                            name, near);
    return yaml_mistake(&r->file, node, e, "the deployment has no cluster '%.64s'; it has %s", name, list);
}

static int read_cluster(struct scenario_reader *r, struct plan_stream *s, const struct yaml_node *node,
                        struct err *e)
{
    const char *name = "target";
    if (node) {
        name = fields_text(&r->file, node, FIELDS_NAME_FORM, e);
        if (!name)
            return -1;
    }
    if (fields_copy_name(name, s->cluster))
        return fields_wrong(&r->file, node, FIELDS_NAME_FORM, e);
    if (node && !s->target && r->plan->deployment.present &&
        plan_find_cluster(r->plan, name) == r->plan->n_clusters)
        return unknown_cluster(r, node, name, e);
    return stream_add_cluster(r->plan, name, e);
}

static int read_feed(const struct scenario_reader *r, struct raw_stream *raw, const struct yaml_node *node,
                     struct err *e)
{
    if (!raw->feed)
        return 0;
    raw->csv = feed_add(r->plan, e);
    if (!raw->csv)
        return -1;
    raw->csv->file = strdup(raw->feed);
    char *path = raw->csv->file ? scenario_file_path(r, raw->feed) : NULL;
    if (!path)
        return plan_out_of_memory(e);
    const int status = feed_load(raw->csv, r->overrides->inputs, path, e);
    free(path);
    return status ? yaml_place(&r->file, yaml_find(node, "feed"), e) : 0;
}

/* A session and single requests have different keys. */
static int check_session_keys(const struct yaml_file *f, const struct yaml_node *node,
                              const struct raw_stream *raw, struct err *e)
{
    static const char *const others[] = { "request", "requests", "mix", NULL };
    static const char *const of_steps[] = { "think", "expect", NULL };
    static const char *const of_connections[] = { "keep_alive", "requests_per_connection", NULL };
    static const char *const in_flight[] = { "pipeline", "streams_per_connection", NULL };
    static const char *const of_sessions[] = { "ramp_users", NULL };
    if (!raw->session)
        return refuse_keys(f, node, of_sessions, "needs a 'session'", e);
    return refuse_keys(f, node, others, "and 'session' exclude each other", e) ||
                   refuse_keys(f, node, of_steps, "belongs to the steps of the session", e) ||
                   refuse_keys(f, node, of_connections,
                               "does not go with a session, whose users keep their connections; see "
                               "'new_connection'",
                               e) ||
                   refuse_keys(f, node, in_flight,
                               "does not go with a session: a step needs the response of the one before", e)
               ? -1
               : 0;
}

/* The phases and what they send. */
static int read_load(const struct scenario_reader *r, struct raw_stream *raw, const struct yaml_node *node,
                     struct err *e)
{
    static const char *const keys[] = { "requests", "mix", "feed", "session", NULL };
    struct plan_stream *s = &raw->plan;
    const bool replays = s->arrivals == PLAN_RECORDED;
    if (replays && (refuse_keys(&r->file, node, keys, "has no use here: recorded requests are sent", e) ||
                    scenario_read_recorded(r, s, raw->request, e)))
        return -1;
    if (scenario_read_phases(r, s, raw->phases, raw->session != NULL, e))
        return -1;
    return replays        ? rows_make(s, e)
           : raw->session ? scenario_read_session(r, s, raw->csv, raw->session, e)
                          : scenario_read_requests(r, s, raw->csv, raw->request, raw->requests, e);
}

static int read_stream(struct scenario_reader *r, const struct yaml_node *node, struct raw_stream *raw,
                       struct err *e)
{
    const struct yaml_file *f = &r->file;
    struct plan_stream *s = &raw->plan;
    if (fields_read(f, node, "a stream", scenario_stream_fields, raw, e))
        return -1;
    if (!s->name[0])
        return yaml_mistake(f, node, e, "a stream must have a 'name'");
    for (size_t i = 0; i < r->plan->n_streams; i++)
        if (strcmp(r->plan->streams[i].name, s->name) == 0)
            return yaml_mistake(f, yaml_find(node, "name"), e, "two streams are named '%s'", s->name);
    if (!raw->phases)
        return yaml_mistake(f, node, e, "stream '%s' must have 'phases'", s->name);
    if (!raw->request && !raw->requests && !raw->session && !is_recorded(raw))
        return yaml_mistake(f, node, e, "stream '%s' must have a 'request', 'requests' or a 'session'",
                            s->name);
    if (check_session_keys(f, node, raw, e))
        return -1;
    s->mix = raw->mix ? PLAN_MIX_WEIGHTED : PLAN_MIX_SEQUENCE;
    if (r->overrides->timeout_ns)
        s->timeout_ns = r->overrides->timeout_ns;
    if (choose_model(f, node, raw, e) || choose_connections(f, node, raw, e) ||
        scenario_read_stream_target(r, s, raw->target, e) || choose_in_flight(r, node, raw, e) ||
        read_cluster(r, s, raw->cluster, e) || read_feed(r, raw, node, e) || read_load(r, raw, node, e) ||
        scenario_read_expect(r, s, raw->expect, e))
        return -1;
    stream_settle(r->plan, s);
    return 0;
}

int scenario_read_streams(struct scenario_reader *r, const struct yaml_node *list, struct err *e)
{
    if (list->kind != YAML_LIST)
        return fields_wrong(&r->file, list, "a list of streams", e);
    if (list->n_items == 0 || list->n_items > PLAN_STREAMS_MOST)
        return yaml_mistake(&r->file, list, e, "'streams' must hold 1 to %d streams, not %zu",
                            PLAN_STREAMS_MOST, list->n_items);
    r->plan->streams = calloc(list->n_items, sizeof *r->plan->streams);
    if (!r->plan->streams)
        return plan_out_of_memory(e);
    for (const struct yaml_node *item = list->first; item; item = item->next) {
        struct raw_stream raw = { .keep_alive = true, .pipeline = 1, .streams_per_connection = 1 };
        stream_init(&raw.plan, r->timeout_ns, r->connect_timeout_ns);
        const int status = read_stream(r, item, &raw, e);
        r->plan->streams[r->plan->n_streams++] = raw.plan; /* owned by the plan even when half made */
        if (status)
            return -1;
    }
    return 0;
}
