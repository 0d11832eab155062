#include "postman_request.h"

#include "draft_headers.h"
#include "json_member.h"
#include "plan.h"
#include "postman_auth.h"

#include <stdlib.h>
#include <string.h>

static bool is_disabled(const json_t *item)
{
    return json_is_true(json_object_get(item, "disabled"));
}

/* The value of a path's variable `:name`, as Postman writes it: {{name}} where it has none. */
static const char *path_value(const json_t *url, const char *name, size_t n, struct arena *a, struct err *e)
{
    size_t i;
    const json_t *variable;
    json_array_foreach(json_object_get(url, "variable"), i, variable)
    {
        const char *key = json_member_text(variable, "key");
        const char *value = json_member_text(variable, "value");
        if (strlen(key) == n && strncmp(key, name, n) == 0 && *value)
            return value;
    }
    return arena_format(a, e, "{{%.*s}}", (int)n, name);
}

/* Puts values in place of the segments that begin with a colon. */
static const char *fill_path(struct postman_words *w, const json_t *url, const char *raw, struct err *e)
{
    struct arena *a = &w->draft->arena;
    const char *authority = strstr(raw, "://");
    const char *at = authority ? authority + 3 : raw;
    const char *query = at + strcspn(at, "?#");
    while ((at = strstr(at, "/:")) && at < query) {
        const size_t n = strcspn(at + 2, "/?#");
        const char *value = n > 0 ? path_value(url, at + 2, n, a, e) : "";
        const char *whole =
            value ? arena_format(a, e, "%.*s/%s%s", (int)(at - raw), raw, value, at + 2 + n) : NULL;
        if (!whole)
            return NULL;
        at = whole + (at - raw) + 1;
        raw = whole;
        query = at + strcspn(at, "?#");
    }
    return raw;
}

const char *postman_request_url(struct postman_words *w, const json_t *request, struct err *e)
{
    const json_t *url = json_is_string(request) ? request : json_object_get(request, "url");
    const char *raw = json_is_string(url) ? json_string_value(url) : json_member_text(url, "raw");
    const char *filled = fill_path(w, url, raw, e);
    return filled ? postman_words_template(w, filled, e) : NULL;
}

static int add_headers(struct postman_words *w, struct draft_step *s, const json_t *request, struct err *e)
{
    size_t i;
    const json_t *header;
    json_array_foreach(json_object_get(request, "header"), i, header)
    {
        if (is_disabled(header))
            continue;
        const char *value = postman_words_template(w, json_member_text(header, "value"), e);
        if (!value || draft_headers_add(w->draft, s, s->name, json_member_text(header, "key"), value, e))
            return -1;
    }
    return 0;
}

static int add_form(struct postman_words *w, struct draft_step *s, const json_t *body, struct err *e)
{
    size_t i;
    const json_t *field;
    json_array_foreach(json_object_get(body, "urlencoded"), i, field)
    {
        if (is_disabled(field))
            continue;
        const char *name = postman_words_template(w, json_member_text(field, "key"), e);
        const char *value = name ? postman_words_template(w, json_member_text(field, "value"), e) : NULL;
        if (!value || draft_add_field(w->draft, &s->form, name, value, e))
            return -1;
    }
    draft_remove_header(s, "content-type");
    s->body = s->form.n > 0 ? DRAFT_FORM : DRAFT_NO_BODY;
    return draft_settle_form(w->draft, s, e);
}

static int add_raw(struct postman_words *w, struct draft_step *s, const json_t *body, struct err *e)
{
    const json_t *raw = json_object_get(json_object_get(body, "options"), "raw");
    const char *text = postman_words_template(w, json_member_text(body, "raw"), e);
    if (!text)
        return -1;
    if (!*text)
        return 0;
    const char *type =
        strcmp(json_member_text(raw, "language"), "json") == 0 ? "application/json" : "text/plain";
    return draft_headers_add_default(w->draft, s, "Content-Type", type, e) ||
                   draft_set_body_words(w->draft, s, text, e)
               ? -1
               : 0;
}

/* { "query": TEXT, "variables": OBJECT }, as GraphQL has it over HTTP. */
static int add_graphql(struct postman_words *w, struct draft_step *s, const json_t *body, struct err *e)
{
    const json_t *graphql = json_object_get(body, "graphql");
    const char *query = postman_words_template(w, json_member_text(graphql, "query"), e);
    const char *variables = postman_words_template(w, json_member_text(graphql, "variables"), e);
    json_t *name = query ? json_string(query) : NULL;
    char *text = name ? json_dumps(name, JSON_ENCODE_ANY) : NULL;
    json_decref(name);
    const char *whole =
        !text || !variables ? NULL
        : *variables ? arena_format(&w->draft->arena, e, "{\"query\":%s,\"variables\":%s}", text, variables)
                     : arena_format(&w->draft->arena, e, "{\"query\":%s}", text);
    free(text);
    if (!whole)
        return plan_out_of_memory(e);
    return draft_headers_add_default(w->draft, s, "Content-Type", "application/json", e) ||
                   draft_set_body_words(w->draft, s, whole, e)
               ? -1
               : 0;
}

static int add_body(struct postman_words *w, struct draft_step *s, const json_t *body, struct err *e)
{
    const char *mode = json_member_text(body, "mode");
    if (!*mode || is_disabled(body))
        return 0;
    if (strcmp(mode, "raw") == 0)
        return add_raw(w, s, body, e);
    if (strcmp(mode, "urlencoded") == 0)
        return add_form(w, s, body, e);
    if (strcmp(mode, "graphql") == 0)
        return add_graphql(w, s, body, e);
    return draft_note(w->draft, e, "%s: a body of kind %.40s", s->name, mode);
}

int postman_request_fill(struct postman_words *w, struct draft_step *s, const json_t *request,
                         const json_t *auth, struct err *e)
{
    const char *method = json_member_text(request, "method");
    s->method = *method ? arena_text(&w->draft->arena, method, e) : "GET";
    if (!s->method || add_headers(w, s, request, e) || postman_auth_add(w, s, auth, e))
        return -1;
    return add_body(w, s, json_object_get(request, "body"), e);
}
