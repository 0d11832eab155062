#include "yaml.h"

#include "err.h"
#include "files.h"
#include "yaml_text.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the parser complained about first. */
struct complaint {
    bool present;
    unsigned line, column;
    char text[256];
};

struct build {
    struct yaml_file *file;
    struct yaml_node *parent;  /* the open list or map; NULL at the top */
    struct yaml_node *pending; /* a key that waits for its value */
    size_t depth;
    size_t n_documents;
};

/* libfyaml hands over `NAME:LINE:COLUMN: error: TEXT\n`, then the line and a caret of its own. Its way to
 * collect errors as structures leaks in 0.7.12, so the text is taken apart here. */
static void on_output(struct fy_diag *diag, void *user, const char *text, size_t length)
{
    static const char mark[] = ": error: ";
    struct complaint *c = user;
    char line[512];
    (void)diag;
    snprintf(line, sizeof line, "%.*s", (int)(length < sizeof line ? length : sizeof line - 1), text);
    char *at = strstr(line, mark);
    if (c->present || !at)
        return;
    c->present = true;
    snprintf(c->text, sizeof c->text, "%s", at + sizeof mark - 1);
    c->text[strcspn(c->text, "\n")] = '\0';
    *at = '\0';
    char *column = strrchr(line, ':');
    if (!column)
        return;
    *column = '\0';
    char *row = strrchr(line, ':');
    if (row) {
        c->line = (unsigned)strtoul(row + 1, NULL, 10);
        c->column = (unsigned)strtoul(column + 1, NULL, 10);
    }
}

static struct yaml_node *make_node(struct build *b, enum yaml_kind kind, struct fy_event *event)
{
    const struct fy_mark *start = fy_event_start_mark(event);
    const struct fy_mark *end = fy_event_end_mark(event);
    struct yaml_node *node = calloc(1, sizeof *node);
    if (!node)
        return NULL;
    node->kind = kind;
    node->width = 1;
    node->made_before = b->file->newest;
    b->file->newest = node;
    if (start) {
        node->line = (uint32_t)start->line + 1;
        node->column = (uint32_t)start->column + 1;
    } else if (b->pending) {
        node->line = b->pending->line;
        node->column = b->pending->column;
        node->width = b->pending->width;
    }
    if (start && end && end->line == start->line && end->column > start->column)
        node->width = (uint32_t)(end->column - start->column);
    node->begin_byte = start ? start->input_pos : 0;
    node->end_byte = end ? end->input_pos : 0;
    return node;
}

static int fill_scalar(struct yaml_node *node, struct fy_token *token)
{
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : NULL;
    node->text = malloc(length + 1);
    if (!node->text)
        return -1;
    if (length > 0)
        memcpy(node->text, text, length);
    node->text[length] = '\0';
    node->text_bytes = length;
    const bool plain = !token || fy_token_scalar_style(token) == FYSS_PLAIN;
    node->is_null = plain && (length == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
    return 0;
}

static int append(struct build *b, struct yaml_node *node, struct err *e)
{
    struct yaml_node *parent = b->parent;
    if (!parent) {
        b->file->root = node;
        return 0;
    }
    if (parent->kind == YAML_MAP && parent->n_items == YAML_MEMBERS_MOST)
        return yaml_mistake(b->file, b->pending, e, "a map may have at most %d keys", YAML_MEMBERS_MOST);
    node->key = parent->kind == YAML_MAP ? b->pending : NULL;
    b->pending = NULL;
    node->parent = parent;
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->n_items++;
    return 0;
}

static int take_key(struct build *b, struct yaml_node *node, struct err *e)
{
    if (node->kind != YAML_SCALAR || node->is_null)
        return yaml_mistake(b->file, node, e, "a key must be a plain word");
    const struct yaml_node *first = yaml_find(b->parent, node->text);
    if (first)
        return yaml_mistake(b->file, node, e, "'%.64s' is given twice; the first is in line %u", node->text,
                            first->key->line);
    b->pending = node;
    return 0;
}

static int add(struct build *b, enum yaml_kind kind, struct fy_event *event, struct fy_token *value,
               struct err *e)
{
    struct yaml_node *node = make_node(b, kind, event);
    if (!node || (kind == YAML_SCALAR && fill_scalar(node, value)))
        return err_set(e, ERR_FAILED, "out of memory while reading %s", b->file->path);
    if (memchr(node->text ? node->text : "", '\0', node->text_bytes))
        return yaml_mistake(b->file, node, e, "a text must not hold NUL bytes");
    if (b->parent && b->parent->kind == YAML_MAP && !b->pending)
        return take_key(b, node, e);
    if (append(b, node, e))
        return -1;
    if (kind == YAML_SCALAR)
        return 0;
    if (++b->depth > YAML_DEPTH_MOST)
        return yaml_mistake(b->file, node, e, "lists and maps may be nested at most %d deep",
                            YAML_DEPTH_MOST);
    b->parent = node;
    return 0;
}

static int refuse(struct build *b, struct fy_event *event, const char *what, struct err *e)
{
    const struct yaml_node *node = make_node(b, YAML_SCALAR, event);
    if (!node)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", b->file->path);
    return yaml_mistake(b->file, node, e, "%s are not allowed here", what);
}

static int take_collection(struct build *b, enum yaml_kind kind, struct fy_event *event,
                           struct fy_token *anchor, struct fy_token *tag, struct err *e)
{
    if (anchor || tag)
        return refuse(b, event, anchor ? "anchors" : "tags", e);
    return add(b, kind, event, NULL, e);
}

static int take_event(struct build *b, struct fy_event *event, struct err *e)
{
    switch (event->type) {
    case FYET_DOCUMENT_START:
        return b->n_documents++ ? refuse(b, event, "further documents (---)", e) : 0;
    case FYET_ALIAS:
        return refuse(b, event, "aliases", e);
    case FYET_MAPPING_START:
        return take_collection(b, YAML_MAP, event, event->mapping_start.anchor, event->mapping_start.tag, e);
    case FYET_SEQUENCE_START:
        return take_collection(b, YAML_LIST, event, event->sequence_start.anchor, event->sequence_start.tag,
                               e);
    case FYET_SCALAR:
        if (event->scalar.anchor || event->scalar.tag)
            return refuse(b, event, event->scalar.anchor ? "anchors" : "tags", e);
        return add(b, YAML_SCALAR, event, event->scalar.value, e);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        b->parent = b->parent->parent;
        b->depth--;
        return 0;
    default:
        return 0;
    }
}

static int complain(const struct yaml_file *f, const struct complaint *c, struct err *e)
{
    const struct yaml_node at = { .line = c->line, .column = c->column, .width = 1 };
    if (!c->present)
        return err_set(e, ERR_INPUT, "%s is not YAML", f->path);
    return yaml_mistake(f, &at, e, "not YAML: %s", c->text);
}

static int walk(struct build *b, struct fy_parser *parser, const struct complaint *c, struct err *e)
{
    int status = 0;
    struct fy_event *event;
    while (status == 0 && (event = fy_parser_parse(parser))) {
        status = take_event(b, event, e);
        fy_parser_event_free(parser, event);
    }
    if (status == 0 && (c->present || fy_parser_get_stream_error(parser)))
        return complain(b->file, c, e);
    return status;
}

static int parse(struct yaml_file *f, struct err *e)
{
    struct complaint complaint = { .present = false };
    struct fy_diag_cfg how;
    fy_diag_cfg_default(&how);
    how.fp = NULL;
    how.output_fn = on_output;
    how.user = &complaint;
    how.level = FYET_ERROR;
    how.colorize = false;
    struct fy_diag *diag = fy_diag_create(&how);
    const struct fy_parse_cfg settings = { .flags = FYPCF_DEFAULT_PARSE, .diag = diag };
    struct fy_parser *parser = diag ? fy_parser_create(&settings) : NULL;
    struct build build = { .file = f };
    int status;
    if (!parser || fy_parser_set_string(parser, f->text, f->text_bytes))
        status = err_set(e, ERR_FAILED, "out of memory while reading %s", f->path);
    else
        status = walk(&build, parser, &complaint, e);
    if (parser)
        fy_parser_destroy(parser);
    fy_diag_unref(diag);
    return status;
}

/* Takes `text`. */
static int parse_owned(struct yaml_file *out, const char *path, char *text, size_t text_bytes, struct err *e)
{
    *out = (struct yaml_file){ .path = strdup(path), .text = text, .text_bytes = text_bytes };
    if (!out->path)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", path);
    if (yaml_text_check(path, text, text_bytes, e) || parse(out, e))
        return -1;
    if (!out->root)
        return err_set(e, ERR_INPUT, "%s is empty", path);
    if (out->root->kind != YAML_MAP)
        return yaml_mistake(out, out->root, e, "the file must hold a map of keys and values");
    return 0;
}

int yaml_load(struct yaml_file *out, const char *path, struct err *e)
{
    char *text;
    size_t text_bytes;
    *out = (struct yaml_file){ 0 };
    if (files_read(path, YAML_FILE_BYTES_MOST, &text, &text_bytes, e))
        return -1;
    return parse_owned(out, path, text, text_bytes, e);
}

int yaml_parse(struct yaml_file *out, const char *path, const char *text, size_t text_bytes, struct err *e)
{
    char *copy = malloc(text_bytes + 1);
    *out = (struct yaml_file){ 0 };
    if (!copy)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", path);
    memcpy(copy, text, text_bytes);
    copy[text_bytes] = '\0';
    return parse_owned(out, path, copy, text_bytes, e);
}

void yaml_fini(struct yaml_file *f)
{
    while (f->newest) {
        struct yaml_node *node = f->newest;
        f->newest = node->made_before;
        free(node->text);
        free(node);
    }
    free(f->path);
    free(f->text);
    *f = (struct yaml_file){ 0 };
}

const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *value = map->kind == YAML_MAP ? map->first : NULL;
    while (value && strcmp(value->key->text, key) != 0)
        value = value->next;
    return value;
}
