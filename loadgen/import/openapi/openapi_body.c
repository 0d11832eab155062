#include "openapi_body.h"

#include "draft_headers.h"
#include "openapi_doc.h"
#include "openapi_value.h"
#include "plan.h"
#include "text_out.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { YAML_LEVELS = 8 }; /* of a body: a scenario has YAML_DEPTH_MOST with those around it */

static unsigned depth_of(const json_t *value)
{
    const char *key;
    json_t *item;
    size_t i;
    unsigned deepest = 0;
    json_object_foreach((json_t *)value, key, item)
    {
        const unsigned depth = depth_of(item);
        deepest = depth > deepest ? depth : deepest;
    }
    json_array_foreach(value, i, item)
    {
        const unsigned depth = depth_of(item);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

/* As text; a word that is to be a number stands without quotes. */
static void put_json(FILE *out, const json_t *value)
{
    const char *key, *between = "";
    json_t *item;
    size_t i;
    const char *text = json_string_value(value);
    if (text && words_length(text) == strlen(text) && strstr(text, "|number}"))
        fputs(text, out);
    else if (!json_is_object(value) && !json_is_array(value))
        json_dumpf(value, out, JSON_ENCODE_ANY);
    else
        fputc(json_is_object(value) ? '{' : '[', out);
    json_object_foreach((json_t *)value, key, item)
    {
        json_t *name = json_string(key);
        fputs(between, out);
        json_dumpf(name, out, JSON_ENCODE_ANY);
        fputc(':', out);
        json_decref(name);
        put_json(out, item);
        between = ",";
    }
    json_array_foreach(value, i, item)
    {
        fputs(i > 0 ? "," : "", out);
        put_json(out, item);
    }
    if (json_is_object(value) || json_is_array(value))
        fputc(json_is_object(value) ? '}' : ']', out);
}

/* As `json` where a scenario holds it: a map or a list that is not too deep. */
static int add_json(struct draft *d, struct draft_step *s, const char *type, json_t *body, struct err *e)
{
    const bool is_tree = json_is_object(body) || json_is_array(body);
    if (is_tree && depth_of(body) <= YAML_LEVELS) {
        s->body = DRAFT_JSON;
        s->json = body;
        return strcasecmp(type, "application/json") == 0
                   ? 0
                   : draft_headers_add_default(d, s, "Content-Type", type, e);
    }
    struct text_out made;
    if (text_out_begin(&made))
        put_json(made.file, body);
    char *text = text_out_end(&made);
    json_decref(body);
    const char *copy = text ? arena_text(&d->arena, text, e) : NULL;
    free(text);
    if (!copy)
        return plan_out_of_memory(e);
    return draft_headers_add_default(d, s, "Content-Type", type, e) || draft_set_body_words(d, s, copy, e)
               ? -1
               : 0;
}

static int add_form(struct draft *d, struct draft_step *s, json_t *body, struct err *e)
{
    const char *key;
    json_t *member;
    int status = 0;
    json_object_foreach(body, key, member)
    {
        const char *text =
            json_is_string(member) ? json_string_value(member) : openapi_value_text(d, member, e);
        if (status == 0 && text)
            status = draft_add_field(d, &s->form, key, text, e);
    }
    json_decref(body);
    s->body = s->form.n > 0 ? DRAFT_FORM : DRAFT_NO_BODY;
    return status ? -1 : draft_settle_form(d, s, e);
}

static bool is_json(const char *type)
{
    const size_t n = strcspn(type, "; ");
    return strncasecmp(type, "application/json", n) == 0 ||
           (n > 5 && strncasecmp(type + n - 5, "+json", 5) == 0);
}

/* The media type to send: JSON rather than a form rather than another. */
static const char *choose(const json_t *content)
{
    const char *type, *form = NULL, *other = NULL;
    json_t *media;
    json_object_foreach((json_t *)content, type, media)
    {
        if (is_json(type))
            return type;
        if (strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0)
            form = type;
        else if (!other)
            other = type;
    }
    return form ? form : other;
}

/* A text with an example; of XML, files and parts nothing is made. */
static int add_other(struct draft *d, struct draft_step *s, const json_t *root, const char *type,
                     const json_t *media, struct err *e)
{
    const json_t *given = openapi_value_given(root, media, openapi_member(root, media, "schema"));
    if (!json_is_string(given))
        return draft_note(d, e, "%s: a body of %.64s", s->name, type);
    return draft_headers_add_default(d, s, "Content-Type", type, e) ||
                   draft_set_body(d, s, json_string_value(given), json_string_length(given), e)
               ? -1
               : 0;
}

int openapi_body_add(struct draft *d, struct draft_step *s, const json_t *root, const json_t *body,
                     struct err *e)
{
    const json_t *content = openapi_member(root, body, "content");
    const char *type = choose(content);
    const json_t *media = type ? openapi_member(root, content, type) : NULL;
    if (!media)
        return 0;
    const bool is_form = strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0;
    if (!is_json(type) && !is_form)
        return add_other(d, s, root, type, media, e);
    const struct openapi_value v = { d, root, s->name };
    json_t *made = openapi_value_body(&v, media, e);
    if (!made)
        return -1;
    return is_form ? add_form(d, s, made, e) : add_json(d, s, type, made, e);
}
