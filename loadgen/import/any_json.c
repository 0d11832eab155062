#include "any_json.h"

#include "err.h"
#include "plan.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_MOST = 200, NODES_MOST = 1000000, ANCHORS_MOST = 1000 };

struct anchor {
    char *name;
    json_t *value;
    size_t n_nodes;
    unsigned height; /* levels below it */
};

struct reader {
    const char *name;
    yaml_parser_t parser;
    struct anchor anchors[ANCHORS_MOST];
    size_t n_anchors;
    size_t n_nodes;
    unsigned deepest; /* level that the node being read has reached; aliases count with theirs */
};

static int wrong(const struct reader *r, const yaml_event_t *event, struct err *e, const char *what)
{
    return err_set(e, ERR_INPUT, "%s:%zu: %s", r->name, event->start_mark.line + 1, what);
}

static int next(struct reader *r, yaml_event_t *event, struct err *e)
{
    if (yaml_parser_parse(&r->parser, event))
        return 0;
    if (r->parser.error == YAML_MEMORY_ERROR)
        return plan_out_of_memory(e);
    return err_set(e, ERR_INPUT, "%s:%zu: %s", r->name, r->parser.problem_mark.line + 1,
                   r->parser.problem ? r->parser.problem : "this is no YAML");
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(*words, text) == 0)
            return true;
    return false;
}

/* The core schema of YAML 1.2. */
static json_t *plain_value(const char *text)
{
    static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
    static const char *const trues[] = { "true", "True", "TRUE", NULL };
    static const char *const falses[] = { "false", "False", "FALSE", NULL };
    char *end;
    if (is_one_of(text, nulls))
        return json_null();
    if (is_one_of(text, trues))
        return json_true();
    if (is_one_of(text, falses))
        return json_false();
    const char *digits = text + (*text == '-' || *text == '+');
    if (strspn(digits, "0123456789.eE+-") != strlen(digits) || !strpbrk(digits, "0123456789"))
        return json_string(text);
    if (digits[strspn(digits, "0123456789")] == '\0') {
        errno = 0;
        const long long whole = strtoll(text, &end, 10);
        return errno == 0 && *end == '\0' ? json_integer(whole) : json_string(text);
    }
    const double real = strtod(text, &end);
    return *end == '\0' ? json_real(real) : json_string(text);
}

static json_t *scalar(const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
               ? plain_value(text)
               : json_stringn(text, event->data.scalar.length);
}

static json_t *read_node(struct reader *r, yaml_event_t *event, unsigned depth, struct err *e);

static json_t *read_list(struct reader *r, unsigned depth, struct err *e)
{
    json_t *list = json_array();
    for (;;) {
        yaml_event_t event;
        if (!list || next(r, &event, e))
            break;
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            return list;
        }
        json_t *item = read_node(r, &event, depth + 1, e);
        if (!item || json_array_append_new(list, item))
            break;
    }
    json_decref(list);
    return NULL;
}

/* The member behind its key, which is freed. */
static int read_member(struct reader *r, json_t *map, yaml_event_t *key, unsigned depth, struct err *e)
{
    yaml_event_t event;
    int status = key->type == YAML_SCALAR_EVENT ? 0 : wrong(r, key, e, "a key must be a text");
    if (status == 0)
        status = next(r, &event, e);
    json_t *value = status == 0 ? read_node(r, &event, depth + 1, e) : NULL;
    if (value && json_object_set_new(map, (const char *)key->data.scalar.value, value))
        value = NULL;
    yaml_event_delete(key);
    return value ? 0 : -1;
}

static json_t *read_map(struct reader *r, unsigned depth, struct err *e)
{
    json_t *map = json_object();
    for (;;) {
        yaml_event_t event;
        if (!map || next(r, &event, e))
            break;
        if (event.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&event);
            return map;
        }
        if (read_member(r, map, &event, depth, e))
            break;
    }
    json_decref(map);
    return NULL;
}

static const char too_deep[] = "this is too deep";

static json_t *read_alias(struct reader *r, const yaml_event_t *event, unsigned depth, struct err *e)
{
    for (size_t i = r->n_anchors; i-- > 0;) {
        const struct anchor *a = &r->anchors[i];
        if (strcmp(a->name, (const char *)event->data.alias.anchor) != 0)
            continue;
        r->n_nodes += a->n_nodes;
        r->deepest = depth + a->height;
        if (r->deepest <= DEPTH_MOST)
            return json_incref(a->value);
        wrong(r, event, e, too_deep);
        return NULL;
    }
    wrong(r, event, e, "an alias without an anchor before it");
    return NULL;
}

static int keep_anchor(struct reader *r, const yaml_char_t *name, json_t *value, size_t n_nodes,
                       unsigned height, struct err *e)
{
    if (!name || r->n_anchors == ANCHORS_MOST)
        return 0;
    struct anchor *a = &r->anchors[r->n_anchors];
    *a = (struct anchor){ strdup((const char *)name), json_incref(value), n_nodes, height };
    r->n_anchors++;
    return a->name ? 0 : plan_out_of_memory(e);
}

static const yaml_char_t *anchor_of(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor;
    default:
        return NULL;
    }
}

/* The value that begins with the event, which is freed. */
static json_t *read_node(struct reader *r, yaml_event_t *event, unsigned depth, struct err *e)
{
    const size_t before = r->n_nodes++;
    const unsigned deepest_before = r->deepest;
    json_t *value = NULL;
    e->kind = ERR_NONE;
    r->deepest = depth;
    if (depth > DEPTH_MOST || r->n_nodes > NODES_MOST)
        wrong(r, event, e, depth > DEPTH_MOST ? too_deep : "the document has more than a million nodes");
    else if (event->type == YAML_SCALAR_EVENT)
        value = scalar(event);
    else if (event->type == YAML_ALIAS_EVENT)
        value = read_alias(r, event, depth, e);
    else if (event->type == YAML_SEQUENCE_START_EVENT)
        value = read_list(r, depth, e);
    else if (event->type == YAML_MAPPING_START_EVENT)
        value = read_map(r, depth, e);
    else
        wrong(r, event, e, "here should stand a value");
    if (value && keep_anchor(r, anchor_of(event), value, r->n_nodes - before, r->deepest - depth, e)) {
        json_decref(value);
        value = NULL;
    }
    if (r->deepest < deepest_before)
        r->deepest = deepest_before;
    if (!value && e->kind == ERR_NONE)
        err_set(e, ERR_INPUT, "%s:%zu: this text is not UTF-8", r->name, event->start_mark.line + 1);
    yaml_event_delete(event);
    return value;
}

/* Up to the first value: the begin of the stream and of the document. */
static json_t *read_document(struct reader *r, struct err *e)
{
    for (;;) {
        yaml_event_t event;
        if (next(r, &event, e))
            return NULL;
        if (event.type == YAML_STREAM_END_EVENT) {
            yaml_event_delete(&event);
            err_set(e, ERR_INPUT, "%s: the file is empty", r->name);
            return NULL;
        }
        if (event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_START_EVENT)
            return read_node(r, &event, 0, e);
        yaml_event_delete(&event);
    }
}

static json_t *parse_yaml(const char *name, const char *text, size_t length, struct err *e)
{
    struct reader *r = calloc(1, sizeof *r);
    if (!r || !yaml_parser_initialize(&r->parser)) {
        free(r);
        plan_out_of_memory(e);
        return NULL;
    }
    r->name = name;
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)text, length);
    json_t *tree = read_document(r, e);
    for (size_t i = 0; i < r->n_anchors; i++) {
        free(r->anchors[i].name);
        json_decref(r->anchors[i].value);
    }
    yaml_parser_delete(&r->parser);
    free(r);
    return tree;
}

json_t *any_json_parse(const char *name, const char *text, size_t length_bytes, struct err *e)
{
    static const char mark[] = "\xEF\xBB\xBF";
    const bool has_mark = length_bytes >= 3 && memcmp(text, mark, 3) == 0;
    const char *begin = text + (has_mark ? 3 : 0);
    const size_t length = length_bytes - (has_mark ? 3 : 0);
    if (begin[strspn(begin, " \t\r\n")] != '{')
        return parse_yaml(name, begin, length, e);
    json_error_t problem;
    json_t *tree = json_loadb(begin, length, 0, &problem);
    if (!tree)
        err_set(e, ERR_INPUT, "%s:%d:%d: this is no JSON: %s", name, problem.line, problem.column,
                problem.text);
    return tree;
}
