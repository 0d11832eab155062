#include "yaml.h"

#include "err.h"
#include "files.h"
#include "nearest.h"
#include "text_place.h"
#include "units.h"
#include "yaml_text.h"

#include <libfyaml.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MOST = 1024 * 1024, FIELDS_MOST = 32, VALUE_TEXT_BYTES = 512 };

/* Line, column and length as libfyaml counts them: from 0. */
static int point_at(const struct yaml *y, int line, int column, size_t length, const char *sentence,
                    struct err *e)
{
    const struct text_place place = { y->path, y->text, (uint32_t)line + 1, (uint32_t)column + 1,
                                      (uint32_t)length };
    err_set(e, ERR_INPUT, "%s", sentence);
    return text_place_show(&place, e);
}

static int syntax_error(const struct yaml *y, struct fy_diag *diag, struct err *e)
{
    char sentence[256];
    void *cursor = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(diag, &cursor);
    if (!first || first->line < 1)
        return err_set(e, ERR_INPUT, "%s:1:1: error: this is not YAML%s%s", y->path, first ? ": " : "",
                       first ? first->msg : "");
    snprintf(sentence, sizeof sentence, "this is not YAML: %s", first->msg);
    return point_at(y, first->line - 1, first->column > 0 ? first->column - 1 : 0, 1, sentence, e);
}

/* Errors are collected; what the library would print besides is not for people. */
static void discard(struct fy_diag *diag, void *user, const char *text, size_t length_bytes)
{
    (void)diag;
    (void)user;
    (void)text;
    (void)length_bytes;
}

int yaml_load_text(struct yaml *y, const char *path, const char *text, size_t length_bytes, struct err *e)
{
    *y = (struct yaml){ .path = path, .text = strndup(text, length_bytes) };
    const struct fy_diag_cfg quiet = { .output_fn = discard, .level = FYET_ERROR, .module_mask = ~0u };
    struct fy_diag *diag = fy_diag_create(&quiet);
    if (!y->text || !diag) {
        err_set(e, ERR_FAILED, "out of memory while reading %s", path);
        goto fail;
    }
    if (yaml_text_check(path, text, length_bytes, e))
        goto fail;
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET, .diag = diag };
    y->document = fy_document_build_from_string(&cfg, y->text, length_bytes);
    if (!y->document) {
        syntax_error(y, diag, e);
        goto fail;
    }
    if (!fy_document_root(y->document)) {
        err_set(e, ERR_INPUT, "%s:1:1: error: the file is empty", path);
        goto fail;
    }
    fy_diag_destroy(diag);
    return 0;
fail:
    if (diag)
        fy_diag_destroy(diag);
    yaml_fini(y);
    return -1;
}

int yaml_load(struct yaml *y, const char *path, struct err *e)
{
    char *text;
    size_t length_bytes;
    *y = (struct yaml){ .path = path };
    if (files_read(path, FILE_BYTES_MOST, &text, &length_bytes, e))
        return -1;
    const int status = yaml_load_text(y, path, text, length_bytes, e);
    free(text);
    return status;
}

void yaml_fini(struct yaml *y)
{
    fy_document_destroy(y->document);
    free(y->text);
    *y = (struct yaml){ 0 };
}

struct fy_node *yaml_root(const struct yaml *y)
{
    return fy_document_root(y->document);
}

bool yaml_is_mapping(struct fy_node *node)
{
    return fy_node_is_mapping(node);
}

struct fy_node *yaml_find(const struct yaml *y, const char *format, ...)
{
    char path[128];
    va_list args;
    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    return fy_node_by_path(yaml_root(y), path, FY_NT, FYNWF_DONT_FOLLOW);
}

bool yaml_next_pair(struct fy_node *mapping, void **cursor, struct fy_node **key, struct fy_node **value)
{
    struct fy_node_pair *pair = fy_node_mapping_iterate(mapping, cursor);
    if (!pair)
        return false;
    *key = fy_node_pair_key(pair);
    *value = fy_node_pair_value(pair);
    return true;
}

/* The first token of a node, since mappings and lists have none of their own; NULL when it is empty. */
static struct fy_token *first_token(struct fy_node *node)
{
    while (node && !fy_node_is_scalar(node)) {
        if (fy_node_is_mapping(node)) {
            struct fy_node_pair *pair = fy_node_mapping_get_by_index(node, 0);
            node = pair ? fy_node_pair_key(pair) : NULL;
        } else {
            node = fy_node_sequence_get_by_index(node, 0);
        }
    }
    return node ? fy_node_get_scalar_token(node) : NULL;
}

int yaml_error(const struct yaml *y, struct fy_node *node, struct err *e, const char *format, ...)
{
    char sentence[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);

    struct fy_token *token = first_token(node);
    const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;
    if (!start)
        return err_set(e, ERR_INPUT, "%s:1:1: error: %s", y->path, sentence);
    const size_t length = end && end->line == start->line && end->column > start->column
                              ? (size_t)(end->column - start->column)
                              : 1;
    return point_at(y, start->line, start->column, length, sentence, e);
}

/* What to point at for a value: the value, or its key where the value is empty. */
static struct fy_node *place(struct fy_node *key, struct fy_node *node)
{
    return first_token(node) || !key ? node : key;
}

static const char *name_of(struct fy_node *key)
{
    const char *name = key ? fy_node_get_scalar0(key) : NULL;
    return name ? name : "the value";
}

int yaml_read_text(const struct yaml *y, struct fy_node *key, struct fy_node *node, char *out,
                   size_t out_bytes, struct err *e)
{
    size_t length = 0;
    if (node && fy_node_is_alias(node))
        return yaml_error(y, place(key, node), e, "aliases are not read here; write the value of '%s' out",
                          name_of(key));
    const char *text = node && fy_node_is_scalar(node) ? fy_node_get_scalar(node, &length) : NULL;
    if (!text)
        return yaml_error(y, place(key, node), e, "'%s' must be a single value", name_of(key));
    if (length >= out_bytes)
        return yaml_error(y, node, e, "'%s' must have at most %zu characters", name_of(key), out_bytes - 1);
    memcpy(out, text, length);
    out[length] = '\0';
    return 0;
}

static int read_text_field(const struct yaml *y, const struct yaml_field *f, struct fy_node *key,
                           struct fy_node *node, char *into, struct err *e)
{
    if (yaml_read_text(y, key, node, into, f->bytes, e))
        return -1;
    if (into[0] && (!f->valid || f->valid(into)))
        return 0;
    return yaml_error(y, place(key, node), e, "'%s' must be %s, not '%.80s'", f->name,
                      f->form ? f->form : "a text", into);
}

static int read_count(const struct yaml *y, const struct yaml_field *f, struct fy_node *node,
                      const char *text, unsigned *into, struct err *e)
{
    uint64_t value;
    if (units_parse_count(text, &value) == 0 && (double)value >= f->least && (double)value <= f->most) {
        *into = (unsigned)value;
        return 0;
    }
    return yaml_error(y, node, e, "'%s' must be a whole number from %.0f to %.0f, not %s", f->name, f->least,
                      f->most, text);
}

static int read_real(const struct yaml *y, const struct yaml_field *f, struct fy_node *node, const char *text,
                     double *into, struct err *e)
{
    if (units_parse_real(text, into) == 0 && *into >= f->least && *into <= f->most)
        return 0;
    return yaml_error(y, node, e, "'%s' must be a number from %g to %g, not %s", f->name, f->least, f->most,
                      text);
}

static int read_duration(const struct yaml *y, const struct yaml_field *f, struct fy_node *node,
                         const char *text, uint64_t *into, struct err *e)
{
    char low[UNITS_TEXT_BYTES];
    char high[UNITS_TEXT_BYTES];
    if (units_parse_duration_ns(text, into))
        return yaml_error(y, node, e, "'%s' must be %s, not %s", f->name, UNITS_DURATION_FORM, text);
    if ((double)*into >= f->least && (double)*into <= f->most)
        return 0;
    return yaml_error(y, node, e, "'%s' must be from %s to %s, not %s", f->name,
                      units_duration_text((uint64_t)f->least, low),
                      units_duration_text((uint64_t)f->most, high), text);
}

static int read_choice(const struct yaml *y, const struct yaml_field *f, struct fy_node *node,
                       const char *text, int *into, struct err *e)
{
    char list[256] = "";
    size_t used = 0;
    for (int i = 0; f->choices[i]; i++) {
        if (strcmp(f->choices[i], text) == 0) {
            *into = i;
            return 0;
        }
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? " or " : "", f->choices[i]);
    }
    return yaml_error(y, node, e, "'%s' must be %s, not '%s'", f->name, list, text);
}

static int read_field(const struct yaml *y, const struct yaml_field *f, struct fy_node *key,
                      struct fy_node *node, void *into, struct err *e)
{
    char text[VALUE_TEXT_BYTES];
    if (f->kind == YAML_NESTED)
        return f->read(y, key, node, into, e);
    if (f->kind == YAML_TEXT)
        return read_text_field(y, f, key, node, into, e);
    if (yaml_read_text(y, key, node, text, sizeof text, e))
        return -1;
    struct fy_node *at = place(key, node);
    switch (f->kind) {
    case YAML_COUNT:
        return read_count(y, f, at, text, into, e);
    case YAML_REAL:
        return read_real(y, f, at, text, into, e);
    case YAML_DURATION:
        return read_duration(y, f, at, text, into, e);
    case YAML_CHOICE:
        return read_choice(y, f, at, text, into, e);
    case YAML_TEXT:
    case YAML_NESTED:
        break;
    }
    return 0;
}

static int unknown_key(const struct yaml *y, struct fy_node *key, const char *name, const char *what,
                       const struct yaml_field *fields, struct err *e)
{
    const char *names[FIELDS_MOST];
    char list[512] = "";
    size_t n = 0;
    size_t used = 0;
    for (; fields[n].name; n++) {
        names[n] = fields[n].name;
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", n ? ", " : "", names[n]);
    }
    const char *near = nearest_word(name, names, n);
    if (near)
        return yaml_error(y, key, e, "%s has no key '%.80s'; did you mean '%s'?", what, name, near);
    return yaml_error(y, key, e, "%s has no key '%.80s'; it may have %s", what, name, list);
}

int yaml_read_mapping(const struct yaml *y, struct fy_node *key, struct fy_node *node, const char *what,
                      const struct yaml_field *fields, void *into, struct err *e)
{
    bool seen[FIELDS_MOST] = { false };
    void *cursor = NULL;
    struct fy_node *name_node;
    struct fy_node *value;

    if (!node || !fy_node_is_mapping(node))
        return yaml_error(y, place(key, node), e, "%s must be a mapping of keys to values", what);
    while (yaml_next_pair(node, &cursor, &name_node, &value)) {
        char name[128];
        size_t i = 0;
        if (yaml_read_text(y, name_node, name_node, name, sizeof name, e))
            return -1;
        while (fields[i].name && strcmp(fields[i].name, name) != 0)
            i++;
        if (!fields[i].name)
            return unknown_key(y, name_node, name, what, fields, e);
        if (seen[i])
            return yaml_error(y, name_node, e, "'%s' stands here twice", name);
        seen[i] = true;
        if (read_field(y, &fields[i], name_node, value, (char *)into + fields[i].offset, e))
            return -1;
    }
    for (size_t i = 0; fields[i].name; i++)
        if (fields[i].required && !seen[i])
            return yaml_error(y, place(key, node), e, "%s needs the key '%s'", what, fields[i].name);
    return 0;
}

int yaml_read_list(const struct yaml *y, struct fy_node *key, struct fy_node *node, const char *what,
                   yaml_read_fn *read, void *into, size_t stride, size_t most, size_t *n, struct err *e)
{
    void *cursor = NULL;
    struct fy_node *item;

    *n = 0;
    if (!node || !fy_node_is_sequence(node))
        return yaml_error(y, place(key, node), e, "'%s' must be a list", name_of(key));
    while ((item = fy_node_sequence_iterate(node, &cursor))) {
        if (*n == most)
            return yaml_error(y, place(key, item), e, "there may be at most %zu %s", most, what);
        if (read(y, key, item, (char *)into + *n * stride, e))
            return -1;
        ++*n;
    }
    if (*n == 0)
        return yaml_error(y, key, e, "'%s' must list at least one of the %s", name_of(key), what);
    return 0;
}
