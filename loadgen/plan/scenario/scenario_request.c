/* The requests of a stream. */
#include "err.h"
#include "request.h"
#include "scenario_fields.h"
#include "scenario_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct raw_request {
    struct scenario_message message;
    uint64_t weight;
};

const struct field scenario_request_fields[] = {
    SCENARIO_MESSAGE_ROWS(struct raw_request, message),
    { FIELD("weight", FIELD_COUNT, struct raw_request, weight), .least = 1, .most = 1000000 },
    { 0 },
};

static int add_headers(const struct yaml_file *f, struct request_builder *b, const struct yaml_node *map,
                       struct err *e)
{
    if (map->kind != YAML_MAP)
        return fields_wrong(f, map, "a map of names and values", e);
    if (map->n_items > SCENARIO_HEADERS_MOST)
        return yaml_mistake(f, map, e, "'headers' must hold at most %d headers, not %zu",
                            SCENARIO_HEADERS_MOST, map->n_items);
    for (const struct yaml_node *value = map->first; value; value = value->next) {
        const char *text = fields_text(f, value, "a text", e);
        if (!text)
            return -1;
        if (request_add_header(b, value->key->text, text, e))
            return yaml_place(f, value->key, e);
    }
    return 0;
}

static int add_cookies(const struct yaml_file *f, struct request_builder *b, const struct yaml_node *map,
                       struct err *e)
{
    char line[4096];
    size_t used = 0;
    if (map->kind != YAML_MAP)
        return fields_wrong(f, map, "a map of names and values", e);
    for (const struct yaml_node *value = map->first; value; value = value->next) {
        const char *text = fields_text(f, value, "a text", e);
        if (!text)
            return -1;
        if (!*value->key->text || strpbrk(value->key->text, "=;, \t\r\n") || strpbrk(text, ";, \t\r\n\""))
            return yaml_mistake(f, value->key, e,
                                "a cookie must not hold blanks, commas, semicolons or quotes");
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%s=%s", used ? "; " : "",
                                 value->key->text, text);
        if (used >= sizeof line)
            return yaml_mistake(f, value->key, e, "the cookies are longer than %zu bytes", sizeof line - 1);
    }
    return used && request_add_header(b, "Cookie", line, e) ? yaml_place(f, map, e) : 0;
}

int scenario_add_head(const struct scenario_reader *r, struct request_builder *b,
                      const struct scenario_message *raw, struct err *e)
{
    const struct yaml_file *f = &r->file;
    if ((raw->headers && add_headers(f, b, raw->headers, e)) ||
        (raw->cookies && add_cookies(f, b, raw->cookies, e)))
        return -1;
    if (!raw->basic_auth)
        return 0;
    const char *text = fields_text(f, raw->basic_auth, "USER:PASSWORD", e);
    if (!text)
        return -1;
    return request_add_basic_auth(b, text, true, e) ? yaml_place(f, raw->basic_auth->key, e) : 0;
}

static int build(const struct scenario_reader *r, const struct template_scope *scope,
                 const struct yaml_node *node, const struct scenario_message *raw, struct request_builder *b,
                 struct plan_request *out, struct err *e)
{
    const struct yaml_file *f = &r->file;
    const struct yaml_node *path = yaml_find(node, "path");
    const struct plan_stream *s = scope->stream;
    struct request_body body = { 0 };
    char *owned = NULL;
    if (request_check_method(raw->method, e))
        return yaml_place(f, yaml_find(node, "method"), e);
    if (request_begin(b, plan_target_of(r->plan, s), scope, raw->method, raw->path, e))
        return yaml_place(f, path ? path : node, e);
    if (scenario_add_head(r, b, raw, e))
        return -1;
    int status = scenario_read_body(r, raw, b, &body, &owned, e);
    if (status == 0 && request_finish(b, &body, s->requests_per_connection == 1, out, e))
        status = yaml_place(f,
                            raw->body   ? raw->body
                            : raw->json ? raw->json
                            : raw->form ? raw->form
                                        : node,
                            e);
    free(owned);
    return status;
}

int scenario_read_message(const struct scenario_reader *r, const struct template_scope *scope,
                          const struct yaml_node *node, const struct scenario_message *raw,
                          struct plan_request *out, struct err *e)
{
    struct request_builder b = { 0 };
    const int status = build(r, scope, node, raw, &b, out, e);
    request_abandon(&b);
    return status;
}

static int read_request(const struct scenario_reader *r, const struct template_scope *scope,
                        const struct yaml_node *node, struct err *e)
{
    struct plan_stream *s = scope->stream;
    struct raw_request raw = { .message.method = "GET", .weight = 1 };
    if (node->kind == YAML_SCALAR && !node->is_null)
        raw.message.path = node->text; /* `request: /path` */
    else if (fields_read(&r->file, node, "a request", scenario_request_fields, &raw, e))
        return -1;
    if (!raw.message.path)
        return yaml_mistake(&r->file, node, e, "a request must have a 'path'");
    struct plan_request *out = &s->requests[s->n_requests];
    out->weight = (uint32_t)raw.weight;
    if (scenario_read_message(r, scope, node, &raw.message, out, e))
        return -1;
    s->n_requests++;
    return 0;
}

bool scenario_knows_instances(const struct scenario_reader *r, const struct plan_stream *s)
{
    const size_t cluster = plan_find_cluster(r->plan, s->cluster);
    return cluster < r->plan->n_clusters && r->plan->clusters[cluster].n_instances > 0;
}

/* {instance} needs the ids, which only a deployment gives. */
static int check_instances(const struct scenario_reader *r, const struct plan_stream *s,
                           const struct yaml_node *node, struct err *e)
{
    if (scenario_knows_instances(r, s))
        return 0;
    for (size_t i = 0; i < s->n_requests; i++)
        if (request_names_instances(&s->requests[i]))
            return yaml_mistake(
                &r->file, node, e,
                "{instance} in a request needs a deployment that lists the instances of cluster '%s'",
                s->cluster);
    return 0;
}

int scenario_read_requests(const struct scenario_reader *r, struct plan_stream *s, struct plan_feed *csv,
                           const struct yaml_node *one, const struct yaml_node *many, struct err *e)
{
    const struct yaml_node *node = one ? one : many;
    const struct template_scope scope = { .plan = r->plan, .stream = s, .csv = csv };
    if (one && many)
        return yaml_mistake(&r->file, many->key, e, "'request' and 'requests' exclude each other");
    if (many && many->kind != YAML_LIST)
        return fields_wrong(&r->file, many, "a list of requests", e);
    if (many && (many->n_items == 0 || many->n_items > SCENARIO_REQUESTS_MOST))
        return yaml_mistake(&r->file, many, e, "'requests' must hold 1 to %d requests, not %zu",
                            SCENARIO_REQUESTS_MOST, many->n_items);
    s->requests = calloc(many ? many->n_items : 1, sizeof *s->requests);
    if (!s->requests)
        return plan_out_of_memory(e);
    for (const struct yaml_node *item = many ? many->first : one; item; item = many ? item->next : NULL)
        if (read_request(r, &scope, item, e))
            return -1;
    return check_instances(r, s, node, e);
}
