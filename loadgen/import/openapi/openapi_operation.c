#include "openapi_operation.h"

#include "draft_headers.h"
#include "draft_names.h"
#include "encoded.h"
#include "json_member.h"
#include "openapi_body.h"
#include "openapi_doc.h"
#include "openapi_security.h"
#include "openapi_value.h"
#include "plan.h"
#include "text_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct adding {
    struct draft *draft;
    struct draft_step *step;
    const json_t *root;
    const struct openapi_operation *operation;
    const struct openapi_given *given;
    size_t n_given;
};

/* The operation's own parameter of that name and place takes precedence over that of the path. */
static bool is_overridden(const struct adding *a, const json_t *parameter)
{
    size_t i;
    const json_t *own;
    json_array_foreach(json_object_get(a->operation->object, "parameters"), i, own)
    {
        const json_t *p = openapi_resolve(a->root, own);
        if (strcmp(json_member_text(p, "name"), json_member_text(parameter, "name")) == 0 &&
            strcmp(json_member_text(p, "in"), json_member_text(parameter, "in")) == 0)
            return true;
    }
    return false;
}

/* The variable of a link: its key is the parameter's name, or `path.NAME`. */
static const char *captured(const struct adding *a, const char *name, const char *in)
{
    for (size_t i = 0; i < a->n_given; i++) {
        const char *key = a->given[i].parameter;
        const size_t n = strlen(in);
        const bool has_place = strncmp(key, in, n) == 0 && key[n] == '.';
        if (strcmp(has_place ? key + n + 1 : key, name) == 0)
            return a->given[i].variable;
    }
    return NULL;
}

/* The scalars of a list, with commas. */
static const char *list_text(struct draft *d, const json_t *list, struct err *e)
{
    const char *text = "";
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *one = openapi_value_text(d, item, e);
        if (!one || !(text = arena_format(&d->arena, e, "%s%s%s", text, i > 0 ? "," : "", one)))
            return NULL;
    }
    return text;
}

/* The parameter's value as a template: captured, given, or missing. `*is_left_out`: it is optional, and has
 * none. */
static const char *value_of(const struct adding *a, const json_t *parameter, const char *in,
                            bool *is_left_out, struct err *e)
{
    const char *name = json_member_text(parameter, "name");
    const char *variable = captured(a, name, in);
    const json_t *schema = openapi_member(a->root, parameter, "schema");
    const json_t *value = openapi_value_given(a->root, parameter, schema);
    *is_left_out = false;
    if (variable)
        return arena_format(&a->draft->arena, e, "{%s}", variable);
    if (json_is_array(value))
        return list_text(a->draft, value, e);
    if (value && !json_is_object(value) && !json_is_null(value))
        return openapi_value_text(a->draft, value, e);
    if (!json_is_true(json_object_get(parameter, "required")) && strcmp(in, "path") != 0) {
        *is_left_out = true;
        return "";
    }
    const struct openapi_value v = { a->draft, a->root, a->step->name };
    return openapi_value_missing(&v, name, "parameter", "", e);
}

static const char *encode(struct draft *d, const char *before, const char *template, struct err *e)
{
    struct text_out made;
    if (text_out_begin(&made)) {
        fputs(before, made.file);
        encoded_put(made.file, template);
    }
    char *text = text_out_end(&made);
    if (!text)
        plan_out_of_memory(e);
    const char *copy = text ? arena_text(&d->arena, text, e) : NULL;
    free(text);
    return copy;
}

/* Puts the value in place of `{NAME}`. */
static int put_in_path(const struct adding *a, const char *name, const char *value, struct err *e)
{
    const char *word = arena_format(&a->draft->arena, e, "{%s}", name);
    const char *at = word ? strstr(a->step->path, word) : NULL;
    const char *encoded = word ? encode(a->draft, "", value, e) : NULL;
    if (!encoded)
        return -1;
    if (!at)
        return 0;
    a->step->path = arena_format(&a->draft->arena, e, "%.*s%s%s", (int)(at - a->step->path), a->step->path,
                                 encoded, at + strlen(word));
    return a->step->path ? 0 : -1;
}

static int put_in_query(const struct adding *a, const char *name, const char *value, struct err *e)
{
    const char *encoded_name = encode(a->draft, "", name, e);
    const char *encoded = encoded_name ? encode(a->draft, "", value, e) : NULL;
    if (!encoded)
        return -1;
    a->step->path = arena_format(&a->draft->arena, e, "%s%c%s=%s", a->step->path,
                                 strchr(a->step->path, '?') ? '&' : '?', encoded_name, encoded);
    return a->step->path ? 0 : -1;
}

static int add_parameter(const struct adding *a, const json_t *parameter, const char *wanted_place,
                         struct err *e)
{
    const char *name = json_member_text(parameter, "name");
    const char *in = json_member_text(parameter, "in");
    bool is_left_out;
    if (strcmp(in, wanted_place) != 0 || !*name)
        return 0;
    if (strcmp(in, "header") == 0 &&
        (strcasecmp(name, "accept") == 0 || strcasecmp(name, "content-type") == 0 ||
         strcasecmp(name, "authorization") == 0))
        return 0; /* as the specification has it */
    const char *value = value_of(a, parameter, in, &is_left_out, e);
    if (!value || is_left_out)
        return value ? 0 : -1;
    if (strcmp(in, "path") == 0)
        return put_in_path(a, name, value, e);
    if (strcmp(in, "query") == 0)
        return put_in_query(a, name, value, e);
    if (strcmp(in, "header") == 0)
        return draft_headers_add(a->draft, a->step, a->step->name, name, value, e);
    const char *cookie = arena_format(&a->draft->arena, e, "%s=%s", name, value);
    return cookie ? draft_headers_add(a->draft, a->step, a->step->name, "Cookie", cookie, e) : -1;
}

/* Of the path first: a value that is put in may hold what looks like a parameter. */
static int add_parameters(const struct adding *a, const json_t *list, bool is_of_path, const char *place,
                          struct err *e)
{
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item)
    {
        const json_t *parameter = openapi_resolve(a->root, item);
        if (parameter && !(is_of_path && is_overridden(a, parameter)) &&
            add_parameter(a, parameter, place, e))
            return -1;
    }
    return 0;
}

/* Words that the path has and no parameter describes: `/pets/{id}`. */
static int add_undescribed(const struct adding *a, struct err *e)
{
    const struct openapi_value v = { a->draft, a->root, a->step->name };
    const char *path = a->operation->path;
    for (const char *at = path; (at = strchr(at, '{'));) {
        const size_t n = strcspn(at + 1, "}");
        const char *name = arena_copy(&a->draft->arena, at + 1, n, e);
        const char *word = name ? arena_format(&a->draft->arena, e, "{%s}", name) : NULL;
        if (!word)
            return -1;
        if (n > 0 && strstr(a->step->path, word)) {
            const char *variable = captured(a, name, "path");
            const char *value = variable ? arena_format(&a->draft->arena, e, "{%s}", variable)
                                         : openapi_value_missing(&v, name, "parameter", "", e);
            if (!value || (strcmp(value, word) != 0 && put_in_path(a, name, value, e)))
                return -1;
        }
        at += n + 1;
    }
    return 0;
}

/* What the first good answer is written in. */
static int add_accept(const struct adding *a, struct err *e)
{
    const char *code;
    json_t *response;
    json_object_foreach(json_object_get(a->operation->object, "responses"), code, response)
    {
        const json_t *content = openapi_member(a->root, response, "content");
        void *first = json_object_iter((json_t *)content);
        if (*code == '2' && first)
            return draft_headers_add_default(a->draft, a->step, "Accept", json_object_iter_key(first), e);
    }
    return 0;
}

int openapi_operation_add(struct draft *d, struct draft_stream *s, const json_t *root,
                          const struct openapi_operation *op, const struct openapi_given *given,
                          size_t n_given, struct err *e)
{
    static const char *const places[] = { "path", "query", "header", "cookie" };
    char name[PLAN_NAME_BYTES];
    struct draft_step *step = draft_add_step(d, s, e);
    if (!step)
        return -1;
    const struct adding a = { d, step, root, op, given, n_given };
    step->method = op->method;
    step->path = op->path;
    draft_names_of_request(op->method, op->path, name);
    if (draft_names_step(d, s, step, *op->id ? op->id : name, e))
        return -1;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (add_parameters(&a, json_object_get(op->item, "parameters"), true, places[i], e) ||
            add_parameters(&a, json_object_get(op->object, "parameters"), false, places[i], e) ||
            (i == 0 && add_undescribed(&a, e)))
            return -1;
    if (openapi_security_add(d, step, root, op->object, e) || add_accept(&a, e))
        return -1;
    return openapi_body_add(d, step, root, json_object_get(op->object, "requestBody"), e);
}
