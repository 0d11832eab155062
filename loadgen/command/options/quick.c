#include "quick.h"

#include "err.h"
#include "expect.h"
#include "input_files.h"
#include "phase.h"
#include "plan.h"
#include "request.h"
#include "run_options.h"
#include "stream.h"
#include "target.h"
#include "units.h"
#include "url_given.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    CONNECTIONS_DEFAULT = 10,
    BODY_BYTES_MOST = 64 * 1024 * 1024,
    HEADER_BYTES_MOST = 64 * 1024,
};
#define DURATION_DEFAULT_NS (10 * NS_PER_S)

/* Splits "http://host:1/path?query" into the target and the path to request. */
static int split_target(struct plan_target *t, const char *url, char **path, struct err *e)
{
    if (!target_is_url(url)) /* the sentence quotes all of it */
        return target_parse_url(t, url, e);
    const char *slash = strstr(url, "://") + 3;
    slash += strcspn(slash, "/?#");
    char *base = strndup(url, (size_t)(slash - url));
    *path = *slash == '/' ? strdup(slash) : NULL;
    if (*slash != '/' && asprintf(path, "/%s", slash) < 0)
        *path = NULL;
    if (!base || !*path) {
        free(base);
        return plan_out_of_memory(e);
    }
    const int status = target_parse_url(t, base, e);
    free(base);
    return status ? -1 : target_set_text(&t->url, url, e);
}

static int choose_http(struct plan_target *t, const struct run_options *o, const struct run_arm *arm,
                       struct err *e)
{
    if (!arm || !arm->has_http)
        return target_apply_http(t, &o->target, e);
    t->http = arm->http;
    return 0;
}

static int read_target(struct plan_target *t, const struct run_options *o, const struct run_arm *arm,
                       char **path, struct err *e)
{
    char *url = url_given_whole(arm ? arm->url : o->target_url);
    const int status = url ? split_target(t, url, path, e) : plan_out_of_memory(e);
    free(url);
    return status || target_apply(t, &o->target, e) || choose_http(t, o, arm, e) || target_check(t, e) ||
                   target_check_http(t, e)
               ? -1
               : 0;
}

/* Shows no more of it than could be a name: the rest may be secret. */
static int wrong_header(const char *text, struct err *e)
{
    const size_t length = strcspn(text, " \t=:");
    return err_set(e, ERR_INPUT, "--header must be 'NAME: VALUE', not '%.*s%s",
                   (int)(length < 64 ? length : 64), text, text[length] ? " ...', which has no colon" : "'");
}

static int add_header(struct request_builder *b, const char *text, struct err *e)
{
    char name[128];
    const char *colon = strchr(text, ':');
    if (!colon || (size_t)(colon - text) >= sizeof name)
        return wrong_header(text, e);
    snprintf(name, sizeof name, "%.*s", (int)(colon - text), text);
    if (strlen(text) > HEADER_BYTES_MOST)
        return err_set(e, ERR_INPUT, "--header %.64s is longer than %d KiB", name, HEADER_BYTES_MOST / 1024);
    if (strcasecmp(name, "connection") == 0)
        return err_set(e, ERR_INPUT,
                       "--header Connection cannot be set: connections are kept, unless you give "
                       "--no-keepalive or --requests-per-connection");
    return request_add_header(b, name, colon + 1 + strspn(colon + 1, " \t"), e);
}

static int add_headers(struct request_builder *b, const struct run_options *o, struct err *e)
{
    for (size_t i = 0; i < o->headers.n; i++)
        if (add_header(b, o->headers.items[i], e))
            return -1;
    return o->user ? request_add_basic_auth(b, o->user, false, e) : 0;
}

/* Refuses values that make sense to a similar program only. */
static int check_habits(const struct run_options *o, struct err *e)
{
    if (o->method && o->method[strspn(o->method, "0123456789")] == '\0')
        return err_set(
            e, ERR_INPUT,
            "--method must be a word such as POST, not '%.40s'; requests open at once on a connection "
            "are --streams over HTTP/2, --pipeline over HTTP/1.1",
            o->method);
    if (o->user && !strchr(o->user, ':'))
        return err_set(e, ERR_INPUT, "--user must be USER:PASSWORD; how many users there are is -c");
    if (o->body && o->body[0] == '@' && input_files_has(o->inputs, o->body + 1))
        return err_set(e, ERR_INPUT, "--body sends its text as it is; a file is --body-file %.200s",
                       o->body + 1);
    return 0;
}

static int make_request(struct plan *plan, struct plan_stream *s, const struct run_options *o,
                        const char *path, struct err *e)
{
    struct request_builder b = { 0 };
    struct request_body body = { .bytes = o->body, .length_bytes = o->body ? strlen(o->body) : 0 };
    const char *method = o->method ? o->method : o->body || o->body_file ? "POST" : "GET";
    char *owned = NULL;
    int status = -1;
    if (o->body && o->body_file)
        return err_set(e, ERR_INPUT, "--body and --body-file exclude each other");
    const char *file = o->body_file && strcmp(o->body_file, "-") == 0 ? "/dev/stdin" : o->body_file;
    if (file && input_files_read(o->inputs, file, BODY_BYTES_MOST, &owned, &body.length_bytes, e))
        return -1;
    if (owned)
        body.bytes = owned;
    s->requests = calloc(1, sizeof *s->requests);
    if (!s->requests)
        plan_out_of_memory(e);
    else if (request_check_method(method, e) == 0 &&
             request_begin(&b, plan_target_of(plan, s), NULL, method, path, e) == 0 &&
             add_headers(&b, o, e) == 0)
        status = request_finish(&b, &body, s->requests_per_connection == 1, &s->requests[0], e);
    request_abandon(&b);
    free(owned);
    if (status)
        return -1;
    s->requests[0].weight = 1;
    s->n_requests = 1;
    if (request_names_instances(&s->requests[0]))
        return err_set(e, ERR_INPUT, "{instance} in a request needs a scenario and a deployment");
    return 0;
}

static int add_phase(struct plan_stream *s, const struct phase_given *given, bool warmup, struct err *e)
{
    const char *key;
    struct plan_phase *p = &s->phases[s->n_phases++];
    snprintf(p->name, sizeof p->name, "%s", warmup ? "warmup" : "p1");
    p->warmup = warmup;
    return phase_make(p, s->model, s->arrivals, given, &key, e);
}

static int make_phases(struct plan_stream *s, const struct run_options *o, struct err *e)
{
    const bool is_open = s->model == PLAN_OPEN;
    const struct phase_given warmup = { .duration_ns = o->warmup_ns, .rate_per_s = o->rate_per_s };
    const struct phase_given given = {
        .n_requests = o->n_requests,
        .duration_ns = o->duration_ns || o->n_requests ? o->duration_ns : DURATION_DEFAULT_NS,
        .rate_per_s = o->rate_per_s,
    };
    if (is_open && o->n_requests && o->duration_ns)
        return err_set(e, ERR_INPUT,
                       "with --rate, give --duration or --requests: each follows from the other");
    if (is_open && o->n_requests && s->arrivals == PLAN_POISSON)
        return err_set(e, ERR_INPUT,
                       "the number of Poisson arrivals is random: give --duration, not --requests");
    s->phases = calloc(2, sizeof *s->phases);
    if (!s->phases)
        return plan_out_of_memory(e);
    if (o->warmup_ns && add_phase(s, &warmup, true, e))
        return -1;
    return add_phase(s, &given, false, e);
}

/* Then both arms have as many requests at once: where one has --streams on a connection, the other has as
 * many connections. */
static bool compares_versions(const struct run_options *o)
{
    return o->n_arms > 0 && o->arms[0].has_http;
}

/* How many requests are open at once on a connection. */
static int choose_in_flight(struct plan_stream *s, const struct run_options *o, bool is_http2, struct err *e)
{
    const uint64_t n = is_http2 ? o->streams_per_connection : o->pipeline;
    if (is_http2 && o->pipeline)
        return err_set(
            e, ERR_INPUT,
            "--pipeline is for HTTP/1.1; over HTTP/2, --streams says how many requests are open at "
            "once on a connection");
    if (!is_http2 && o->streams_per_connection && !compares_versions(o))
        return err_set(e, ERR_INPUT,
                       "--streams needs --http2 or --http2-prior-knowledge; over HTTP/1.1, --pipeline says "
                       "how many requests are in flight on a connection");
    s->in_flight_most = n ? (uint32_t)n : 1;
    if (s->requests_per_connection == 1 && n > 1)
        return err_set(e, ERR_INPUT, "--%s needs connections that are kept for more than one request",
                       is_http2 ? "streams" : "pipeline");
    return 0;
}

/* Users are requests at once: over HTTP/2 each connection has --streams of them. */
static int choose_connections(struct plan_stream *s, const struct run_options *o, bool is_http2,
                              struct err *e)
{
    const bool is_open = s->model == PLAN_OPEN;
    const uint64_t n = o->n_connections ? o->n_connections
                       : is_open        ? STREAM_CONNECTIONS_DEFAULT
                                        : CONNECTIONS_DEFAULT;
    const uint64_t n_each = o->streams_per_connection ? o->streams_per_connection : 1;
    if (n * n_each > PLAN_USERS_MOST)
        return err_set(e, ERR_INPUT,
                       "--connections %llu with --streams %llu make %llu requests at once; the most is %d",
                       (unsigned long long)n, (unsigned long long)n_each, (unsigned long long)(n * n_each),
                       PLAN_USERS_MOST);
    if (is_open)
        s->n_connections = is_http2 ? n : n * n_each;
    else
        s->n_users = n * n_each;
    return 0;
}

static int choose_load(struct plan_stream *s, const struct run_options *o, bool is_http2, struct err *e)
{
    s->model = o->rate_per_s > 0 ? PLAN_OPEN : PLAN_CLOSED;
    s->arrivals = o->arrivals == PLAN_POISSON ? PLAN_POISSON : PLAN_CONSTANT;
    if (s->model == PLAN_CLOSED && options_given(o->parsed, &o->result, "arrivals"))
        return err_set(e, ERR_INPUT, "--arrivals needs --rate");
    if (o->no_keepalive && o->requests_per_connection > 1)
        return err_set(e, ERR_INPUT, "--no-keepalive and --requests-per-connection exclude each other");
    s->requests_per_connection = o->no_keepalive ? 1 : o->requests_per_connection;
    return choose_in_flight(s, o, is_http2, e) || choose_connections(s, o, is_http2, e) ? -1 : 0;
}

static int make_expect(struct plan_stream *s, const struct run_options *o, struct err *e)
{
    expect_init(&s->expect);
    for (size_t i = 0; i < o->expect_status.n; i++)
        if (expect_add_status(&s->expect, o->expect_status.items[i], i == 0, e))
            return err_prefix(e, "--expect-status");
    if (o->expect_body && expect_set_body(&s->expect, o->expect_body, e))
        return err_prefix(e, "--expect-body");
    return 0;
}

int quick_add_thresholds(struct plan *plan, const struct option_list *texts, struct err *e)
{
    for (size_t k = 0; k < texts->n; k++)
        if (plan_add_threshold(plan, texts->items[k], e))
            return err_prefix(e, "--threshold");
    return 0;
}

/* `arm`: NULL, unless two are compared. */
static int fill_stream(struct plan *plan, struct plan_stream *s, const struct run_options *o,
                       const struct run_arm *arm, struct err *e)
{
    char *path = NULL;
    int status = read_target(s->target ? s->target : &plan->target, o, arm, &path, e);
    if (status == 0)
        status = check_habits(o, e) || choose_load(s, o, plan_is_http2(plan, s), e) || make_phases(s, o, e) ||
                 make_request(plan, s, o, path, e) || make_expect(s, o, e);
    free(path);
    if (status == 0)
        stream_settle(plan, s);
    return status ? -1 : 0;
}

static struct plan_stream *begin_stream(struct plan *plan, const struct run_options *o, const char *name,
                                        const char *cluster)
{
    struct plan_stream *s = &plan->streams[plan->n_streams++];
    stream_init(s, o->timeout_ns ? o->timeout_ns : STREAM_TIMEOUT_DEFAULT_NS,
                STREAM_CONNECT_TIMEOUT_DEFAULT_NS);
    snprintf(s->name, sizeof s->name, "%s", name);
    snprintf(s->cluster, sizeof s->cluster, "%s", cluster);
    return s;
}

/* A stream of the arm's name with a target of its own, unless only the other arm is wanted. */
static int add_arm(struct plan *plan, const struct run_options *o, const struct run_arm *arm, struct err *e)
{
    if (stream_add_cluster(plan, arm->name, e))
        return -1;
    if (o->only && strcmp(o->only, arm->name) != 0)
        return 0;
    struct plan_stream *s = begin_stream(plan, o, arm->name, arm->name);
    s->target = malloc(sizeof *s->target);
    if (!s->target)
        return plan_out_of_memory(e);
    target_init(s->target);
    return fill_stream(plan, s, o, arm, e);
}

static int add_target(struct plan *plan, const struct run_options *o, struct err *e)
{
    return stream_add_cluster(plan, "target", e) ||
                   fill_stream(plan, begin_stream(plan, o, "quick", "target"), o, NULL, e)
               ? -1
               : 0;
}

int quick_plan(struct plan *out, const struct run_options *o, struct err *e)
{
    int status = 0;
    *out = (struct plan){ .name = "quick", .n_threads = o->n_threads ? (uint32_t)o->n_threads : 1 };
    if (o->n_arms > 0)
        snprintf(out->name, sizeof out->name, "%.14s-vs-%.14s", o->arms[0].name, o->arms[1].name);
    target_init(&out->target);
    out->seed_is_drawn = !o->has_seed;
    out->seed = o->has_seed ? o->seed : plan_draw_seed();
    out->streams = calloc(o->n_arms > 0 ? o->n_arms : 1, sizeof *out->streams);
    if (!out->streams)
        return plan_out_of_memory(e);
    for (size_t i = 0; i < o->n_arms && status == 0; i++)
        status = add_arm(out, o, &o->arms[i], e);
    if (o->n_arms == 0)
        status = add_target(out, o, e);
    if (status || target_check_tls(out, e))
        return -1;
    stream_number_phases(out);
    return quick_add_thresholds(out, &o->thresholds, e);
}
