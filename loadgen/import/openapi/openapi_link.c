#include "openapi_link.h"

#include "draft_names.h"
#include "json_member.h"
#include "openapi_doc.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* By operationId, or by a reference that ends in /paths/~1pets~1{id}/get. */
static size_t find_target(const struct openapi_operation *operations, size_t n, const json_t *root,
                          const json_t *link)
{
    const char *id = json_member_text(link, "operationId");
    const char *reference = json_member_text(link, "operationRef");
    const json_t *pointer = *reference == '#' ? json_pack("{s:s}", "$ref", reference) : NULL;
    const json_t *object = pointer ? openapi_resolve(root, pointer) : NULL;
    json_decref((json_t *)pointer);
    for (size_t i = 0; i < n; i++)
        if ((*id && strcmp(operations[i].id, id) == 0) || (object && operations[i].object == object))
            return i;
    return n;
}

static bool is_plain(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '_')
            return false;
    return n > 0 && !isdigit((unsigned char)*name);
}

/* `$response.body#/items/0/id` as a JSON path, `$response.header.Name` as a header; false for what is
 * neither. */
static bool read_expression(struct openapi_link *l, struct draft *d, const char *text, struct err *e)
{
    static const char body[] = "$response.body#", header[] = "$response.header.";
    if (strncmp(text, header, sizeof header - 1) == 0) {
        l->source = "header";
        l->place = arena_text(&d->arena, text + sizeof header - 1, e);
        return l->place != NULL;
    }
    if (strncmp(text, body, sizeof body - 1) != 0)
        return false;
    l->source = "json";
    l->place = "$";
    for (const char *at = text + sizeof body - 1; l->place && *at == '/';) {
        const size_t n = strcspn(at + 1, "/");
        const bool is_index = n > 0 && strspn(at + 1, "0123456789") >= n;
        const char *before = is_index ? "[" : is_plain(at + 1, n) ? "." : "['";
        const char *behind = is_index ? "]" : is_plain(at + 1, n) ? "" : "']";
        l->place = arena_format(&d->arena, e, "%s%s%.*s%s", l->place, before, (int)n, at + 1, behind);
        at += n + 1;
    }
    return l->place != NULL;
}

static int add_links(struct openapi_links *out, struct draft *d, size_t from, size_t to, const char *name,
                     const json_t *link, struct err *e)
{
    const char *parameter;
    json_t *value;
    json_object_foreach(json_object_get(link, "parameters"), parameter, value)
    {
        const char *text = json_string_value(value);
        struct openapi_link *l = arena_more(&d->arena, &out->items, out->n, sizeof *l, e);
        if (!l || !(l->parameter = arena_text(&d->arena, parameter, e)))
            return -1;
        l->from = from;
        l->to = to;
        if (text && read_expression(l, d, text, e))
            out->n++;
        else if (draft_note(d, e, "link %.64s: %.80s", name, text ? text : "its parameter is no text"))
            return -1;
    }
    return 0;
}

static int read_operation(struct openapi_links *out, struct draft *d, const json_t *root,
                          const struct openapi_operation *operations, size_t n, size_t from, struct err *e)
{
    const char *code, *name;
    json_t *response, *item;
    json_object_foreach(json_object_get(operations[from].object, "responses"), code, response)
    {
        const json_t *links = openapi_member(root, response, "links");
        if (*code != '2')
            continue;
        json_object_foreach((json_t *)links, name, item)
        {
            const json_t *link = openapi_resolve(root, item);
            const size_t to = find_target(operations, n, root, link);
            if (to == n || to == from)
                continue;
            if (add_links(out, d, from, to, name, link, e))
                return -1;
        }
    }
    return 0;
}

/* Names each capture; the same place of the same answer is one. */
static int name_variables(struct openapi_links *links, struct draft *d, struct err *e)
{
    for (size_t i = 0; i < links->n; i++) {
        struct openapi_link *l = &links->items[i];
        char made[PLAN_NAME_BYTES], name[PLAN_NAME_BYTES];
        const char *dot = strchr(l->parameter, '.');
        draft_names_make_capture(dot ? dot + 1 : l->parameter, made);
        snprintf(name, sizeof name, "%s", made);
        unsigned k = 2;
        for (size_t o = 0; o < i; o++) {
            const struct openapi_link *other = &links->items[o];
            if (other->from == l->from && strcmp(other->place, l->place) == 0)
                l->variable = other->variable;
            else if (strcmp(other->variable, name) == 0) {
                snprintf(name, sizeof name, "%.26s_%u", made, k++);
                o = (size_t)-1;
            }
        }
        if (!l->variable && !(l->variable = arena_text(&d->arena, name, e)))
            return -1;
    }
    return 0;
}

int openapi_links_read(struct openapi_links *out, struct draft *d, const json_t *root,
                       const struct openapi_operation *operations, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (read_operation(out, d, root, operations, n, i, e))
            return -1;
    return name_variables(out, d, e);
}

struct ordering {
    const struct openapi_links *links;
    size_t *order, n;
    bool *is_seen;
};

/* Depth first: what it needs, then itself. A circle is cut where it closes. */
static void visit(struct ordering *o, size_t operation, unsigned depth)
{
    if (o->is_seen[operation])
        return;
    o->is_seen[operation] = true;
    for (size_t i = 0; i < o->links->n && depth < 64; i++)
        if (o->links->items[i].to == operation)
            visit(o, o->links->items[i].from, depth + 1);
    o->order[o->n++] = operation;
}

void openapi_links_order(const struct openapi_links *links, size_t n, size_t *order, bool *is_seen)
{
    struct ordering o = { .links = links, .order = order, .is_seen = is_seen };
    for (size_t i = 0; i < n; i++)
        visit(&o, i, 0);
}
