/* Compares a JSON Schema (docs/schema) with the tables of keys that programs read files by: every key, type
 * and limit, both ways. */
#ifndef UNIT_SCHEMA_CHECK_H
#define UNIT_SCHEMA_CHECK_H

#include "fields.h"

#include "cm.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct schema_map {
    const char *definition; /* NULL: the file itself */
    const struct field *rows;
};

static json_t *schema_load(const char *name)
{
    char path[512];
    json_error_t error;
    snprintf(path, sizeof path, SOURCE_DIR "/docs/schema/%s.schema.json", name);
    json_t *schema = json_load_file(path, 0, &error);
    if (!schema)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return schema;
}

static void schema_want(bool is_right, const struct schema_map *map, const char *key, const char *what)
{
    if (!is_right)
        fail_msg("%s.%s of the schema: %s", map->definition ? map->definition : "the file", key, what);
}

static bool schema_number_is(const json_t *key, const char *limit, double value)
{
    const json_t *number = json_object_get(key, limit);
    return json_is_number(number) && json_number_value(number) == value;
}

static bool schema_text_is(const json_t *key, const char *name, const char *value)
{
    const char *text = json_string_value(json_object_get(key, name));
    return text && strcmp(text, value) == 0;
}

/* The choices in order, and then perhaps the same as numbers. */
static bool schema_has_choices(const json_t *list, const char *const *choices)
{
    size_t n = 0;
    for (; choices[n]; n++) {
        const char *text = json_string_value(json_array_get(list, n));
        if (!text || strcmp(text, choices[n]) != 0)
            return false;
    }
    for (; n < json_array_size(list); n++)
        if (!json_is_number(json_array_get(list, n)))
            return false;
    return true;
}

static void schema_check_key(const struct schema_map *map, const struct field *row, const json_t *key)
{
    char comment[64];
    schema_want(json_string_length(json_object_get(key, "description")) > 0, map, row->key, "no description");
    switch (row->kind) {
    case FIELD_COUNT:
        schema_want(schema_number_is(key, "minimum", (double)row->least) &&
                        schema_number_is(key, "maximum", (double)row->most),
                    map, row->key, "other limits");
        break;
    case FIELD_REAL:
        schema_want(schema_number_is(key, "minimum", row->lowest) &&
                        schema_number_is(key, "maximum", row->highest),
                    map, row->key, "other limits");
        break;
    case FIELD_DURATION:
        snprintf(comment, sizeof comment, "%" PRIu64 " to %" PRIu64 " ns", row->least, row->most);
        schema_want(schema_text_is(key, "$comment", comment), map, row->key, "other limits");
        break;
    case FIELD_RATE:
        schema_want(schema_number_is(key, "maximum", (double)row->most), map, row->key, "another limit");
        break;
    case FIELD_FLAG:
        schema_want(schema_text_is(key, "type", "boolean"), map, row->key, "not boolean");
        break;
    case FIELD_CHOICE:
        schema_want(schema_has_choices(json_object_get(key, "enum"), row->choices), map, row->key,
                    "other choices");
        break;
    case FIELD_NAME:
        schema_want(schema_text_is(key, "pattern", "^[A-Za-z0-9_-]{1,32}$"), map, row->key, "no name");
        break;
    case FIELD_WORD:
        schema_want(schema_number_is(key, "maxLength", (double)row->bytes - 1), map, row->key,
                    "another length");
        break;
    case FIELD_TEXT:
        schema_want(schema_text_is(key, "type", "string"), map, row->key, "not a string");
        break;
    case FIELD_NODE:
    case FIELD_NESTED:
        break;
    }
}

static bool schema_requires(const json_t *object, const char *key)
{
    const json_t *list = json_object_get(object, "required");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_array_get(list, i)), key) == 0)
            return true;
    return false;
}

static const json_t *schema_object(const json_t *schema, const char *definition)
{
    const json_t *object =
        definition ? json_object_get(json_object_get(schema, "definitions"), definition) : schema;
    const json_t *forms = json_object_get(object, "anyOf");
    for (size_t i = 0; !json_object_get(object, "properties") && i < json_array_size(forms); i++)
        if (json_object_get(json_array_get(forms, i), "properties"))
            return json_array_get(forms, i);
    return object;
}

static void schema_check_map(const json_t *schema, const struct schema_map *map)
{
    const json_t *object = schema_object(schema, map->definition);
    const json_t *keys = json_object_get(object, "properties");
    size_t n = 0;
    schema_want(json_is_false(json_object_get(object, "additionalProperties")), map, "*", "takes others");
    for (const struct field *row = map->rows; row->key; row++, n++) {
        const json_t *key = json_object_get(keys, row->key);
        schema_want(key != NULL, map, row->key, "missing");
        schema_check_key(map, row, key);
        schema_want(!row->is_required || schema_requires(object, row->key), map, row->key, "not required");
    }
    schema_want(json_object_size(keys) == n, map, "*", "has keys that the program does not read");
}

/* All maps of the schema. */
static void schema_check(const char *name, const struct schema_map *maps, size_t n_maps)
{
    json_t *schema = schema_load(name);
    for (size_t i = 0; i < n_maps; i++)
        schema_check_map(schema, &maps[i]);
    assert_int_equal(json_object_size(json_object_get(schema, "definitions")), n_maps - 1);
    json_decref(schema);
}

#endif
