#include "openapi_value.h"

#include "err.h"
#include "json_member.h"
#include "openapi_doc.h"
#include "plan.h"
#include "secrets.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH_MOST = 8, COPY_DEPTH_MOST = 100, NODES_MOST = 10000 };

/* The first of `examples`, which is a map of objects with `value` in 3.0, or a list in a schema of 3.1. */
static const json_t *first_example(const json_t *root, const json_t *holder)
{
    const json_t *examples = json_object_get(holder, "examples");
    if (json_is_array(examples))
        return json_array_get(examples, 0);
    void *first = json_object_iter((json_t *)examples);
    return first ? openapi_member(root, json_object_iter_value(first), "value") : NULL;
}

const json_t *openapi_value_given(const json_t *root, const json_t *holder, const json_t *schema)
{
    const json_t *found = json_object_get(holder, "example");
    if (!found)
        found = first_example(root, holder);
    if (!found)
        found = json_object_get(schema, "example");
    if (!found)
        found = first_example(root, schema);
    if (!found)
        found = json_object_get(schema, "default");
    if (!found)
        found = json_object_get(schema, "const");
    return found ? found : json_array_get(json_object_get(schema, "enum"), 0);
}

const char *openapi_value_text(struct draft *d, const json_t *value, struct err *e)
{
    e->kind = ERR_NONE;
    if (json_is_string(value))
        return words_literal(&d->arena, json_string_value(value), strlen(json_string_value(value)), e);
    if (json_is_integer(value))
        return arena_format(&d->arena, e, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value))
        return arena_format(&d->arena, e, "%.15g", json_real_value(value));
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    return NULL;
}

const char *openapi_value_missing(const struct openapi_value *v, const char *name, const char *kind,
                                  const char *filter, struct err *e)
{
    char about[256];
    snprintf(about, sizeof about, "%s %.64s of %.40s, for which no value is given", kind, name, v->step);
    const char *variable = secrets_variable(v->draft, name, about, NULL, e);
    return variable ? arena_format(&v->draft->arena, e, "{env:%s%s}", variable, filter) : NULL;
}

struct making {
    const struct openapi_value *value;
    size_t n_nodes;
    const json_t *open[DEPTH_MOST + 2]; /* schemas that are being made */
    size_t n_open;
};

/* Adds a member, whose name is a template, too. Takes ownership of the value. */
static int set(struct making *m, json_t *object, const char *key, json_t *value, struct err *e)
{
    const char *name = words_literal(&m->value->draft->arena, key, strlen(key), e);
    if (name)
        return json_object_set_new(object, name, value);
    json_decref(value);
    return -1;
}

/* A given example, whose strings become templates. */
static json_t *copy(struct making *m, const json_t *given, unsigned depth, struct err *e)
{
    const char *key;
    json_t *item;
    size_t i;
    if (depth > COPY_DEPTH_MOST || ++m->n_nodes > NODES_MOST)
        return json_null();
    if (json_is_string(given)) {
        const char *text = openapi_value_text(m->value->draft, given, e);
        return text ? json_string(text) : NULL;
    }
    json_t *made = json_is_object(given) ? json_object() : json_is_array(given) ? json_array() : NULL;
    if (!made)
        return json_is_object(given) || json_is_array(given) ? NULL : json_deep_copy(given);
    json_object_foreach((json_t *)given, key,
                        item) if (json_object_set_new(made, key, copy(m, item, depth + 1, e))) goto failed;
    json_array_foreach(given, i,
                       item) if (json_array_append_new(made, copy(m, item, depth + 1, e))) goto failed;
    return made;
failed:
    json_decref(made);
    return NULL;
}

static bool is_required(const json_t *schema, const char *name)
{
    size_t i;
    const json_t *item;
    json_array_foreach(json_object_get(schema, "required"), i,
                       item) if (json_is_string(item) &&
                                 strcmp(json_string_value(item), name) == 0) return true;
    return false;
}

/* `type` is a list in 3.1: its first that is not null. */
static const char *type_of(const json_t *schema)
{
    const json_t *type = json_object_get(schema, "type");
    size_t i;
    const json_t *item;
    json_array_foreach(type, i, item) if (json_is_string(item) && strcmp(json_string_value(item), "null") !=
                                                                      0) return json_string_value(item);
    if (json_is_string(type))
        return json_string_value(type);
    return json_object_get(schema, "properties") ? "object"
           : json_object_get(schema, "items")    ? "array"
                                                 : "string";
}

static json_t *make(struct making *m, const char *name, const json_t *given_schema, bool is_needed,
                    unsigned depth, struct err *e);

/* Adds the members of a schema to the object; false when memory is short. */
static bool add_members(struct making *m, json_t *object, const json_t *schema, unsigned depth, struct err *e)
{
    const json_t *root = m->value->root;
    const char *key;
    json_t *member;
    size_t i;
    json_array_foreach(
        json_object_get(schema, "allOf"), i,
        member) if (depth < DEPTH_MOST &&
                    !add_members(m, object, openapi_resolve(root, member), depth + 1, e)) return false;
    json_object_foreach(json_object_get(schema, "properties"), key, member)
    {
        const json_t *resolved = openapi_resolve(root, member);
        if (json_is_true(json_object_get(resolved, "readOnly")))
            continue;
        e->kind = ERR_NONE;
        json_t *value = make(m, key, resolved, is_required(schema, key), depth + 1, e);
        if (value ? set(m, object, key, value, e) : e->kind != ERR_NONE)
            return false;
    }
    return true;
}

static json_t *make_object(struct making *m, const json_t *schema, bool is_needed, unsigned depth,
                           struct err *e)
{
    json_t *object = json_object();
    if (!object || !add_members(m, object, schema, depth, e)) {
        json_decref(object);
        plan_out_of_memory(e);
        return NULL;
    }
    if (json_object_size(object) > 0 || is_needed)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *make_list(struct making *m, const char *name, const json_t *schema, bool is_needed,
                         unsigned depth, struct err *e)
{
    json_t *list = json_array();
    json_t *item =
        list ? make(m, name, openapi_member(m->value->root, schema, "items"), false, depth + 1, e) : NULL;
    if (item)
        json_array_append_new(list, item);
    if (list && json_array_size(list) == 0 && !is_needed) {
        json_decref(list);
        return NULL;
    }
    return list;
}

/* Of a schema without an example. */
static json_t *make_new(struct making *m, const char *name, const json_t *schema, bool is_needed,
                        unsigned depth, struct err *e)
{
    const json_t *choice = json_array_get(json_object_get(schema, "oneOf"), 0);
    if (!choice)
        choice = json_array_get(json_object_get(schema, "anyOf"), 0);
    if (choice)
        return make(m, name, openapi_resolve(m->value->root, choice), is_needed, depth + 1, e);
    const char *type = json_object_get(schema, "allOf") ? "object" : type_of(schema);
    if (strcmp(type, "object") == 0)
        return make_object(m, schema, is_needed, depth, e);
    if (strcmp(type, "array") == 0)
        return make_list(m, name, schema, is_needed, depth, e);
    if (!is_needed)
        return NULL;
    if (strcmp(json_member_text(schema, "format"), "uuid") == 0)
        return json_string("{uuid}");
    const bool is_text = strcmp(type, "string") == 0;
    const char *word = openapi_value_missing(m->value, name, "member", is_text ? "" : "|number", e);
    return word ? json_string(word) : NULL;
}

static bool is_open(const struct making *m, const json_t *schema)
{
    for (size_t i = 0; i < m->n_open; i++)
        if (m->open[i] == schema)
            return true;
    return false;
}

/* NULL: the member is left out, or memory is short (then `e` has a sentence). A schema may hold itself: once
 * is enough. */
static json_t *make(struct making *m, const char *name, const json_t *schema, bool is_needed, unsigned depth,
                    struct err *e)
{
    const json_t *given = openapi_value_given(m->value->root, NULL, schema);
    e->kind = ERR_NONE;
    if (given)
        return copy(m, given, depth, e);
    if (depth > DEPTH_MOST || ++m->n_nodes > NODES_MOST || is_open(m, schema))
        return NULL;
    m->open[m->n_open++] = schema;
    json_t *made = make_new(m, name, schema, is_needed, depth, e);
    m->n_open--;
    return made;
}

json_t *openapi_value_body(const struct openapi_value *v, const json_t *media, struct err *e)
{
    struct making m = { .value = v };
    const json_t *schema = openapi_member(v->root, media, "schema");
    const json_t *given = openapi_value_given(v->root, media, schema);
    e->kind = ERR_NONE;
    json_t *body = given ? copy(&m, given, 0, e) : make(&m, "body", schema, true, 0, e);
    if (!body && e->kind == ERR_NONE)
        plan_out_of_memory(e);
    return body;
}
