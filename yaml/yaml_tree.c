#include "yaml_tree.h"

#include "err.h"
#include "files.h"
#include "yaml_text.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct build {
    struct yaml_file *file;
    struct yaml_node *parent;  /* the open list or map; NULL at the top */
    struct yaml_node *pending; /* a key that waits for its value */
    size_t depth;
    size_t n_documents;
    size_t character, byte; /* the same place in the text, counted both ways */
};

static int out_of_memory(const struct build *b, struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory while reading %s", b->file->path);
}

/* Marks count characters. Events come in the order of the text, so that one walk over it is enough. */
static size_t byte_at(struct build *b, size_t character)
{
    const struct yaml_file *f = b->file;
    if (character < b->character)
        b->character = b->byte = 0;
    for (; b->character < character && b->byte < f->text_bytes; b->character++)
        do
            b->byte++;
        while (b->byte < f->text_bytes && ((unsigned char)f->text[b->byte] & 0xC0) == 0x80);
    return b->byte;
}

static void place_at(struct yaml_node *node, yaml_mark_t start, yaml_mark_t end)
{
    node->line = (uint32_t)start.line + 1;
    node->column = (uint32_t)start.column + 1;
    node->width =
        end.line == start.line && end.column > start.column ? (uint32_t)(end.column - start.column) : 1;
}

static struct yaml_node *make_node(struct build *b, enum yaml_kind kind, const yaml_event_t *event)
{
    struct yaml_node *node = calloc(1, sizeof *node);
    if (!node)
        return NULL;
    node->kind = kind;
    node->made_before = b->file->newest;
    b->file->newest = node;
    place_at(node, event->start_mark, event->end_mark);
    return node;
}

static void take_place(struct yaml_node *node, const struct yaml_node *other)
{
    node->line = other->line;
    node->column = other->column;
    node->width = other->width;
}

/* Where the text of a scalar stands: within its quotes, or below the line of its `|` or `>`. */
static void find_text(struct build *b, struct yaml_node *node, const yaml_event_t *event)
{
    const char *text = b->file->text;
    const yaml_scalar_style_t style = event->data.scalar.style;
    node->begin_byte = byte_at(b, event->start_mark.index);
    node->end_byte = byte_at(b, event->end_mark.index);
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE) {
        while (node->begin_byte < node->end_byte && !strchr("\r\n", text[node->begin_byte]))
            node->begin_byte++;
        while (node->begin_byte < node->end_byte && strchr("\r\n", text[node->begin_byte]))
            node->begin_byte++;
    } else if (style != YAML_PLAIN_SCALAR_STYLE && node->end_byte - node->begin_byte >= 2) {
        node->begin_byte++;
        node->end_byte--;
        if (node->width > 2) {
            node->column++;
            node->width -= 2;
        }
    }
}

static int fill_scalar(struct build *b, struct yaml_node *node, const yaml_event_t *event)
{
    const size_t length = event->data.scalar.length;
    node->text = malloc(length + 1);
    if (!node->text)
        return -1;
    memcpy(node->text, event->data.scalar.value, length);
    node->text[length] = '\0';
    node->text_bytes = length;
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->is_null =
        node->is_plain && (length == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
    find_text(b, node, event);
    if (length == 0 && node->is_null && b->pending)
        take_place(node, b->pending); /* no text to show: its key is shown */
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

static int add(struct build *b, enum yaml_kind kind, const yaml_event_t *event, struct err *e)
{
    struct yaml_node *node = make_node(b, kind, event);
    if (!node || (kind == YAML_SCALAR && fill_scalar(b, node, event)))
        return out_of_memory(b, e);
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

static int refuse(const struct build *b, const yaml_event_t *event, const char *what, struct err *e)
{
    struct yaml_node at = { .kind = YAML_SCALAR };
    place_at(&at, event->start_mark, event->end_mark);
    return yaml_mistake(b->file, &at, e, "%s are not allowed here", what);
}

static int add_unmarked(struct build *b, enum yaml_kind kind, const yaml_event_t *event,
                        const yaml_char_t *anchor, const yaml_char_t *tag, struct err *e)
{
    if (anchor || tag)
        return refuse(b, event, anchor ? "anchors" : "tags", e);
    return add(b, kind, event, e);
}

static int take_event(struct build *b, const yaml_event_t *event, struct err *e)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return b->n_documents++ ? refuse(b, event, "further documents (---)", e) : 0;
    case YAML_ALIAS_EVENT:
        return refuse(b, event, "aliases", e);
    case YAML_MAPPING_START_EVENT:
        return add_unmarked(b, YAML_MAP, event, event->data.mapping_start.anchor,
                            event->data.mapping_start.tag, e);
    case YAML_SEQUENCE_START_EVENT:
        return add_unmarked(b, YAML_LIST, event, event->data.sequence_start.anchor,
                            event->data.sequence_start.tag, e);
    case YAML_SCALAR_EVENT:
        return add_unmarked(b, YAML_SCALAR, event, event->data.scalar.anchor, event->data.scalar.tag, e);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        b->parent = b->parent->parent; // NOLINT(*NullDereference): libyaml ends only what it began
        b->depth--;
        return 0;
    default:
        return 0;
    }
}

/* libyaml describes problems in terms of its grammar; for the usual slips this says what to do. */
static const struct {
    const char *problem, *advice;
} advices[] = {
    { "found character that cannot start any token", "no value begins with this character: quote the text" },
    { "mapping values are not allowed in this context",
      "no ':' is expected here: indent the line like those above it, and quote a text with ': ' in it" },
    { "could not find expected ':'", "a key must be followed by ': ' and its value" },
    { "did not find expected key", "a key was expected here: indent the line like those above it" },
    { "did not find expected '-' indicator",
      "an item '- ' was expected here: indent the line like those above it" },
    { "did not find expected ',' or '}'", "a ',' or the '}' that ends the map was expected here" },
    { "did not find expected ',' or ']'", "a ',' or the ']' that ends the list was expected here" },
    { "did not find expected node content", "a value was expected here" },
    { "found unexpected end of stream", "the quote that begins here has no end" },
};

static const char *advice_on(const char *problem)
{
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (strcmp(advices[i].problem, problem) == 0)
            return advices[i].advice;
    return problem;
}

/* For a bracket or quote that nothing closes, its own place is shown; otherwise the place where the problem
 * was noticed. */
static yaml_mark_t blamed_mark(const yaml_parser_t *parser)
{
    const bool is_open = parser->context && (strcmp(parser->context, "while scanning a simple key") == 0 ||
                                             strcmp(parser->context, "while scanning a quoted scalar") == 0);
    return is_open ? parser->context_mark : parser->problem_mark;
}

static int complain(struct build *b, const yaml_parser_t *parser, struct err *e)
{
    struct yaml_node at = { .kind = YAML_SCALAR };
    const yaml_mark_t mark = blamed_mark(parser);
    const bool is_tab = b->file->text[byte_at(b, mark.index)] == '\t';
    const char *sentence = is_tab            ? "a tab must not stand here: indent with blanks"
                           : parser->problem ? advice_on(parser->problem)
                                             : "it cannot be read";
    if (parser->error == YAML_MEMORY_ERROR)
        return out_of_memory(b, e);
    place_at(&at, mark, mark);
    if (!b->parent || b->parent->line == at.line)
        return yaml_mistake(b->file, &at, e, "not YAML: %s", sentence);
    return yaml_mistake(b->file, &at, e, "not YAML: %s (in the %s that begins in line %u)", sentence,
                        b->parent->kind == YAML_LIST ? "list" : "map", b->parent->line);
}

static int parse(struct yaml_file *f, struct err *e)
{
    struct build b = { .file = f };
    yaml_parser_t parser;
    yaml_event_t event;
    int status = 0;
    if (!yaml_parser_initialize(&parser))
        return out_of_memory(&b, e);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)f->text, f->text_bytes);
    for (bool ended = false; status == 0 && !ended;) {
        if (!yaml_parser_parse(&parser, &event)) {
            status = complain(&b, &parser, e);
            break;
        }
        status = take_event(&b, &event, e);
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return status;
}

/* Some editors put one in front of UTF-8; it is not part of the text. */
static void drop_byte_order_mark(struct yaml_file *f)
{
    static const char mark[] = "\xEF\xBB\xBF";
    const size_t n = sizeof mark - 1;
    if (f->text_bytes < n || memcmp(f->text, mark, n) != 0)
        return;
    f->text_bytes -= n;
    memmove(f->text, f->text + n, f->text_bytes + 1);
}

/* Takes ownership of `text`, even on failure. */
static int parse_owned(struct yaml_file *out, const char *path, char *text, size_t text_bytes, struct err *e)
{
    *out = (struct yaml_file){ .path = strdup(path), .text = text, .text_bytes = text_bytes };
    if (!out->path)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", path);
    drop_byte_order_mark(out);
    if (yaml_text_check(path, out->text, out->text_bytes, e) || parse(out, e))
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

const struct yaml_node *yaml_item(const struct yaml_node *list, size_t index)
{
    const struct yaml_node *item = list->kind == YAML_LIST ? list->first : NULL;
    while (item && index-- > 0)
        item = item->next;
    return item;
}
