#include "fields.h"

#include "err.h"
#include "nearest.h"
#include "tags.h"
#include "units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FORM_BYTES = 256 };

int fields_copy_name(const char *text, char *name)
{
    if (!tags_is_name(text))
        return -1;
    memcpy(name, text, strlen(text) + 1);
    return 0;
}

/* A list or map that begins below its key is shown by the key. */
static const struct yaml_node *shown_node(const struct yaml_node *node)
{
    return node->key && node->key->line != node->line ? node->key : node;
}

int fields_wrong(const struct yaml_file *f, const struct yaml_node *node, const char *form, struct err *e)
{
    char shown[YAML_SHOWN_BYTES];
    const struct yaml_node *named = node;
    while (!named->key && named->parent)
        named = named->parent;
    return yaml_mistake(f, shown_node(node), e, "'%.64s' must be %s, not %s",
                        named->key ? named->key->text : "the file", form, yaml_shown(node, shown));
}

const char *fields_text(const struct yaml_file *f, const struct yaml_node *node, const char *form,
                        struct err *e)
{
    if (node->kind == YAML_SCALAR && !node->is_null)
        return node->text;
    fields_wrong(f, node, form, e);
    return NULL;
}

int fields_each(const struct yaml_node *node, fields_item_fn *visit, void *payload, struct err *e)
{
    if (node->kind != YAML_LIST)
        return visit(payload, node, e);
    for (const struct yaml_node *item = node->first; item; item = item->next)
        if (visit(payload, item, e))
            return -1;
    return 0;
}

/* As one would write it: 10s, 720h. */
static const char *written_duration(uint64_t ns, char *out)
{
    static const struct {
        const char *name;
        uint64_t ns;
    } units[] = {
        { "h", 3600 * NS_PER_S }, { "s", NS_PER_S }, { "ms", NS_PER_MS }, { "us", NS_PER_US }, { "ns", 1 }
    };
    size_t i = 0;
    while (ns % units[i].ns != 0)
        i++;
    snprintf(out, UNITS_TEXT_BYTES, "%" PRIu64 "%s", ns / units[i].ns, units[i].name);
    return out;
}

static const char *duration_form(const struct field *row, const char *text, char *out)
{
    char low[UNITS_TEXT_BYTES];
    char high[UNITS_TEXT_BYTES];
    uint64_t ns;
    if (!text || units_parse_duration_ns(text, &ns))
        return UNITS_DURATION_FORM;
    snprintf(out, FORM_BYTES, "a duration from %s to %s",
             row->least ? written_duration(row->least, low) : "0", written_duration(row->most, high));
    return out;
}

static const char *word_form(const struct field *row, const char *text, char *out)
{
    if (text && strlen(text) >= row->bytes) {
        snprintf(out, FORM_BYTES, "at most %zu characters long", row->bytes - 1);
        return out;
    }
    return row->form ? row->form : "a text";
}

/* What would be right; `text` is what was given, NULL for no scalar. */
static const char *form_of(const struct field *row, const char *text, char *out)
{
    size_t used = 0;
    switch (row->kind) {
    case FIELD_NAME:
        return FIELDS_NAME_FORM;
    case FIELD_WORD:
        return word_form(row, text, out);
    case FIELD_REAL:
        snprintf(out, FORM_BYTES, "a number from %g to %g", row->lowest, row->highest);
        return out;
    case FIELD_COUNT:
        snprintf(out, FORM_BYTES, "a whole number from %" PRIu64 " to %" PRIu64, row->least, row->most);
        return out;
    case FIELD_DURATION:
        return duration_form(row, text, out);
    case FIELD_RATE:
        snprintf(out, FORM_BYTES, UNITS_RATE_FORM ", at most %" PRIu64 "/s", row->most);
        return out;
    case FIELD_FLAG:
        return "true or false";
    case FIELD_CHOICE:
        for (size_t i = 0; row->choices[i] && used < FORM_BYTES; i++)
            used += (size_t)snprintf(out + used, FORM_BYTES - used, "%s%s",
                                     !i                    ? ""
                                     : row->choices[i + 1] ? ", "
                                                           : " or ",
                                     row->choices[i]);
        return out;
    case FIELD_TEXT:
    case FIELD_NODE:
    case FIELD_NESTED:
        break;
    }
    return "a text";
}

static int store_flag(const char *text, bool *flag)
{
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return -1;
    *flag = text[0] == 't';
    return 0;
}

static int store_choice(const char *text, const char *const *choices, int *index)
{
    for (int i = 0; choices[i]; i++)
        if (strcmp(choices[i], text) == 0) {
            *index = i;
            return 0;
        }
    return -1;
}

static int store_limited(const struct field *row, uint64_t value, uint64_t *field)
{
    if (value < row->least || value > row->most)
        return -1;
    *field = value;
    return 0;
}

static int store_word(const struct field *row, const char *text, char *word)
{
    const size_t length = strlen(text);
    if (length == 0 || length >= row->bytes || (row->is_right && !row->is_right(text)))
        return -1;
    memcpy(word, text, length + 1);
    return 0;
}

static int store_count(const struct field *row, const char *text, void *field)
{
    uint64_t value;
    if (units_parse_count(text, &value) || store_limited(row, value, &value))
        return -1;
    if (row->bytes == sizeof(unsigned))
        *(unsigned *)field = (unsigned)value; /* within the row's limits, which an unsigned holds */
    else
        *(uint64_t *)field = value;
    return 0;
}

static int store_real(const struct field *row, const char *text, double *field)
{
    double value;
    if (units_parse_real(text, &value) || !(value >= row->lowest && value <= row->highest))
        return -1;
    *field = value;
    return 0;
}

/* Stores a scalar; -1 when it is not what the row wants. */
static int store(const struct field *row, const char *text, void *field)
{
    uint64_t value;
    switch (row->kind) {
    case FIELD_TEXT:
        *(const char **)field = text;
        return 0;
    case FIELD_NAME:
        return fields_copy_name(text, field);
    case FIELD_WORD:
        return store_word(row, text, field);
    case FIELD_COUNT:
        return store_count(row, text, field);
    case FIELD_REAL:
        return store_real(row, text, field);
    case FIELD_DURATION:
        return units_parse_duration_ns(text, &value) ? -1 : store_limited(row, value, field);
    case FIELD_RATE:
        return units_parse_rate_or_0_per_s(text, field) || *(double *)field > (double)row->most ? -1 : 0;
    case FIELD_FLAG:
        return store_flag(text, field);
    case FIELD_CHOICE:
        return store_choice(text, row->choices, field);
    case FIELD_NODE:
    case FIELD_NESTED:
        break;
    }
    return -1;
}

static int unknown_key(const struct yaml_file *f, const struct yaml_node *key, const char *what,
                       const struct field *rows, struct err *e)
{
    const char *keys[FIELDS_MOST];
    char list[512];
    size_t n = 0;
    size_t used = 0;
    list[0] = '\0';
    for (; rows[n].key && n < FIELDS_MOST; n++) {
        keys[n] = rows[n].key;
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", n ? ", " : "", keys[n]);
    }
    const char *near = nearest_word(key->text, keys, n);
    if (near)
        return yaml_mistake(f, key, e, "%s has no key '%.64s'; did you mean '%s'?", what, key->text, near);
    return yaml_mistake(f, key, e, "%s has no key '%.64s'; it may have %s%s%s", what, key->text, list,
                        f->manual ? "; see " : "", f->manual ? f->manual : "");
}

static int read_field(const struct yaml_file *f, const struct field *row, const struct yaml_node *value,
                      void *field, struct err *e)
{
    char form[FORM_BYTES];
    if (row->kind == FIELD_NESTED)
        return row->read(f, value, field, e);
    if (row->kind == FIELD_NODE)
        *(const struct yaml_node **)field = value;
    else if (value->kind != YAML_SCALAR || value->is_null || store(row, value->text, field))
        return fields_wrong(f, value, form_of(row, value->text, form), e);
    return 0;
}

int fields_read(const struct yaml_file *f, const struct yaml_node *map, const char *what,
                const struct field *rows, void *into, struct err *e)
{
    if (map->kind != YAML_MAP)
        return fields_wrong(f, map, "a map of keys and values", e);
    for (const struct yaml_node *value = map->first; value; value = value->next) {
        const struct field *row = rows;
        while (row->key && strcmp(row->key, value->key->text) != 0)
            row++;
        if (!row->key)
            return unknown_key(f, value->key, what, rows, e);
        if (read_field(f, row, value, (char *)into + row->offset, e))
            return -1;
    }
    for (const struct field *row = rows; row->key; row++)
        if (row->is_required && !yaml_find(map, row->key))
            return yaml_mistake(f, shown_node(map), e, "%s needs the key '%s'", what, row->key);
    return 0;
}

int fields_read_list(const struct yaml_file *f, const struct yaml_node *node, const struct field_list *list,
                     void *into, size_t *n, struct err *e)
{
    char form[FORM_BYTES];
    *n = 0;
    snprintf(form, sizeof form, "a list of 1 to %zu %s", list->most, list->what);
    if (node->kind != YAML_LIST)
        return fields_wrong(f, node, form, e);
    if (node->n_items == 0 || node->n_items > list->most)
        return yaml_mistake(f, shown_node(node), e, "'%.64s' must be %s, not %zu",
                            node->key ? node->key->text : "the list", form, node->n_items);
    for (const struct yaml_node *item = node->first; item; item = item->next, ++*n)
        if (list->read(f, item, (char *)into + *n * list->stride, e))
            return -1;
    return 0;
}
