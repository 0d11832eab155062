/* What a step expects of its response, and what it captures from it. The sentences of failures are made here,
 * so that nothing is formatted while the load runs. */
#include "err.h"
#include "json_query.h"
#include "pattern.h"
#include "scenario_fields.h"
#include "scenario_session.h"
#include "tags.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAUSE_BYTES = 160, TEXTS_MOST = 32 };

/* The sentence, owned; NULL when memory is short. */
__attribute__((format(printf, 1, 2))) static char *cause(const char *format, ...)
{
    char text[CAUSE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return strdup(text);
}

static int check_path(const struct session_reader *r, const struct yaml_node *at, const char *text,
                      struct err *e)
{
    struct json_query query;
    if (json_query_parse(&query, text, e))
        return yaml_place(r->file, at, e);
    json_query_fini(&query);
    return 0;
}

int scenario_read_value(const struct session_reader *r, const struct yaml_node *node,
                        struct plan_piece **pieces, size_t *n, struct err *e)
{
    struct template t = { 0 };
    const char *text = fields_text(r->file, node, "a text", e);
    if (!text)
        return -1;
    const int status = template_add_text(&t, text, TEMPLATE_BODY, &r->words, e);
    *pieces = t.pieces;
    *n = t.n;
    return status ? yaml_place(r->file, node, e) : 0;
}

static int read_json(const struct session_reader *r, const struct yaml_node *value,
                     struct session_json_expected *x, struct err *e)
{
    const char *path = value->key->text;
    const bool is_any = value->kind == YAML_SCALAR && strcmp(value->text, "any") == 0;
    if (check_path(r, value->key, path, e))
        return -1;
    x->path = strdup(path);
    if (!is_any && scenario_read_value(r, value, &x->pieces, &x->n_pieces, e))
        return -1;
    if (!is_any && x->n_pieces == 0) { /* an empty text is a value, too */
        x->pieces = calloc(1, sizeof *x->pieces);
        x->n_pieces = 1;
        if (!x->pieces)
            return plan_out_of_memory(e);
    }
    x->cause = is_any ? cause("nothing at %.64s", path) : cause("%.64s is not '%.64s'", path, value->text);
    return x->path && x->cause ? 0 : plan_out_of_memory(e);
}

int scenario_read_json_expected(const struct session_reader *r, const struct yaml_node *map,
                                struct session_json_expected **list, size_t *n, struct err *e)
{
    if (map->kind != YAML_MAP || map->n_items == 0)
        return fields_wrong(r->file, map, "a map of JSON paths and values, such as { $.state: ok }", e);
    if (map->n_items > TEXTS_MOST)
        return yaml_mistake(r->file, map->key, e, "'json' must hold at most %d paths, not %zu", TEXTS_MOST,
                            map->n_items);
    *list = calloc(map->n_items, sizeof **list);
    if (!*list)
        return plan_out_of_memory(e);
    for (const struct yaml_node *value = map->first; value; value = value->next)
        if (read_json(r, value, &(*list)[(*n)++], e))
            return -1;
    return 0;
}

struct raw_step_expect {
    struct scenario_expect response;
    const struct yaml_node *contains, *not_contains, *regex, *json;
};

const struct field scenario_step_expect_fields[] = {
    SCENARIO_EXPECT_ROWS(struct raw_step_expect, response),
    { FIELD("contains", FIELD_NODE, struct raw_step_expect, contains) },
    { FIELD("not_contains", FIELD_NODE, struct raw_step_expect, not_contains) },
    { FIELD("regex", FIELD_NODE, struct raw_step_expect, regex) },
    { FIELD("json", FIELD_NODE, struct raw_step_expect, json) },
    { 0 },
};

static char *text_cause(enum session_text_how how, const char *text)
{
    return how == SESSION_CONTAINS       ? cause("the body does not contain '%.64s'", text)
           : how == SESSION_CONTAINS_NOT ? cause("the body contains '%.64s'", text)
                                         : cause("the body does not match '%.64s'", text);
}

static int check_pattern(const struct session_reader *r, const struct yaml_node *at, const char *text,
                         struct err *e)
{
    struct pattern *pattern = pattern_new(text, e);
    if (!pattern)
        return yaml_place(r->file, at, e);
    pattern_free(pattern);
    return 0;
}

struct texts_reading {
    const struct session_reader *reader;
    struct session_step *step;
    enum session_text_how how;
};

static int read_text(void *payload, const struct yaml_node *item, struct err *e)
{
    const struct texts_reading *t = payload;
    struct session_step *step = t->step;
    const struct yaml_file *f = t->reader->file;
    const char *text = fields_text(f, item, "a text", e);
    if (!text)
        return -1;
    if (!*text)
        return fields_wrong(f, item, "a text with at least one character", e);
    if (t->how == SESSION_MATCHES && check_pattern(t->reader, item, text, e))
        return -1;
    if (step->n_texts == TEXTS_MOST)
        return yaml_mistake(f, item, e, "a step expects at most %d texts", TEXTS_MOST);
    struct session_text_expected *larger = realloc(step->texts, (step->n_texts + 1) * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    step->texts = larger;
    struct session_text_expected *x = &larger[step->n_texts++];
    *x = (struct session_text_expected){ .how = t->how,
                                         .text = strdup(text),
                                         .cause = text_cause(t->how, text) };
    return x->text && x->cause ? 0 : plan_out_of_memory(e);
}

int scenario_read_step_expect(const struct session_reader *r, const struct yaml_node *node,
                              struct session_step *step, struct err *e)
{
    struct raw_step_expect raw = { 0 };
    if (node && fields_read(r->file, node, "'expect'", scenario_step_expect_fields, &raw, e))
        return -1;
    if (scenario_fill_expect(r->file, &raw.response, &step->expect, e))
        return -1;
    const struct {
        const struct yaml_node *node;
        enum session_text_how how;
    } texts[] = { { raw.contains, SESSION_CONTAINS },
                  { raw.not_contains, SESSION_CONTAINS_NOT },
                  { raw.regex, SESSION_MATCHES } };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct texts_reading t = { r, step, texts[i].how };
        if (texts[i].node && fields_each(texts[i].node, read_text, &t, e))
            return -1;
    }
    return raw.json ? scenario_read_json_expected(r, raw.json, &step->json, &step->n_json, e) : 0;
}

struct raw_capture {
    const char *json, *header, *cookie, *regex;
    const struct yaml_node *otherwise;
    bool status;
};

const struct field scenario_capture_fields[] = {
    { FIELD("json", FIELD_TEXT, struct raw_capture, json) },
    { FIELD("header", FIELD_TEXT, struct raw_capture, header) },
    { FIELD("cookie", FIELD_TEXT, struct raw_capture, cookie) },
    { FIELD("status", FIELD_FLAG, struct raw_capture, status) },
    { FIELD("regex", FIELD_TEXT, struct raw_capture, regex) },
    { FIELD("or", FIELD_NODE, struct raw_capture, otherwise) },
    { 0 },
};

static int check_variable(const struct session_reader *r, const struct yaml_node *key, struct err *e)
{
    static const char *const taken[] = {
        "counter", "random", "uuid", "user", "now", "instance", "env", "csv"
    };
    const char *name = key->text;
    if (!tags_is_name(name) || strchr(name, '-') || strspn(name, "0123456789") > 0)
        return yaml_mistake(
            r->file, key, e,
            "a variable's name must be 1 to 32 of A-Z a-z 0-9 _ and begin with a letter or _");
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(taken[i], name) == 0)
            return yaml_mistake(r->file, key, e, "{%s} is a value already: give the variable another name",
                                name);
    return 0;
}

int scenario_declare_captures(struct session_reader *r, const struct yaml_node *step, const char *name,
                              enum session_part part, struct err *e)
{
    const struct yaml_node *map = yaml_find(step, "capture");
    if (!map)
        return 0;
    if (map->kind != YAML_MAP)
        return fields_wrong(r->file, map, "a map of variables, such as { id: { json: $.id } }", e);
    for (const struct yaml_node *value = map->first; value; value = value->next) {
        if (check_variable(r, value->key, e))
            return -1;
        if (session_scope_declare(&r->scope, value->key->text, part, name, e))
            return yaml_place(r->file, value->key, e);
    }
    return 0;
}

static int check_token(const struct session_reader *r, const struct yaml_node *node, struct err *e)
{
    return request_is_token(node->text) ? 0 : fields_wrong(r->file, node, "a name without blanks", e);
}

static char *capture_cause(const char *name, enum session_source source, const char *place)
{
    switch (source) {
    case SESSION_FROM_HEADER:
        return cause("capture '%s' found no header '%.64s'", name, place);
    case SESSION_FROM_COOKIE:
        return cause("capture '%s' found no cookie '%.64s'", name, place);
    case SESSION_FROM_REGEX:
        return cause("capture '%s' found nothing that matches '%.64s'", name, place);
    case SESSION_FROM_JSON:
    case SESSION_FROM_STATUS:
        break;
    }
    return cause("capture '%s' found nothing at %.64s", name, place ? place : "the status");
}

static int read_capture(const struct session_reader *r, const struct yaml_node *node,
                        struct session_capture *c, struct err *e)
{
    static const char one[] =
        "a capture must have one of 'json', 'header', 'cookie', 'status: true' and 'regex'";
    struct raw_capture raw = { 0 };
    if (fields_read(r->file, node, "a capture", scenario_capture_fields, &raw, e))
        return -1;
    const struct {
        const char *place;
        enum session_source source;
    } all[] = { { raw.json, SESSION_FROM_JSON },
                { raw.header, SESSION_FROM_HEADER },
                { raw.cookie, SESSION_FROM_COOKIE },
                { raw.regex, SESSION_FROM_REGEX } };
    const char *place = NULL;
    int n = raw.status;
    c->source = SESSION_FROM_STATUS;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!all[i].place)
            continue;
        c->source = all[i].source;
        place = all[i].place;
        n++;
    }
    if (n != 1)
        return yaml_mistake(r->file, node->key, e, "%s", one);
    if (raw.json && check_path(r, yaml_find(node, "json"), raw.json, e))
        return -1;
    if (raw.regex && check_pattern(r, yaml_find(node, "regex"), raw.regex, e))
        return -1;
    if ((raw.header && check_token(r, yaml_find(node, "header"), e)) ||
        (raw.cookie && check_token(r, yaml_find(node, "cookie"), e)))
        return -1;
    if (raw.header && strlen(raw.header) >= PLAN_HEADER_NAME_BYTES)
        return yaml_mistake(r->file, yaml_find(node, "header"), e, "a header's name has at most %d bytes",
                            PLAN_HEADER_NAME_BYTES - 1);
    c->place = place ? strdup(place) : NULL;
    const char *otherwise = raw.otherwise ? fields_text(r->file, raw.otherwise, "a text", e) : NULL;
    if (raw.otherwise && !otherwise)
        return -1;
    c->otherwise = otherwise ? strdup(otherwise) : NULL;
    c->cause = capture_cause(node->key->text, c->source, place);
    return (c->place || !place) && (c->otherwise || !otherwise) && c->cause ? 0 : plan_out_of_memory(e);
}

int scenario_read_captures(const struct session_reader *r, const struct yaml_node *map,
                           struct session_step *step, struct err *e)
{
    step->captures = calloc(map->n_items + 1, sizeof *step->captures);
    if (!step->captures)
        return plan_out_of_memory(e);
    for (const struct yaml_node *value = map->first; value; value = value->next) {
        struct session_capture *c = &step->captures[step->n_captures++];
        c->variable = session_scope_number(&r->scope, value->key->text);
        if (read_capture(r, value, c, e))
            return -1;
    }
    return 0;
}
