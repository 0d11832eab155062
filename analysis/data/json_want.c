#include "json_want.h"

#include "err.h"
#include "files.h"
#include "utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_BYTES = 64 };

/* Makes every text of the tree printable by `plain`; -1 when out of memory. */
static int make_plain(json_t *value, void (*plain)(char *text))
{
    const char *key;
    size_t index;
    json_t *member;
    int status = 0;
    if (json_is_string(value)) {
        char *text = strdup(json_string_value(value));
        if (text)
            plain(text);
        status = text ? json_string_set(value, text) : -1;
        free(text);
    }
    json_object_foreach(value, key, member)
    {
        const bool is_file =
            strcmp(key, "scenario") == 0 && json_is_object(member); /* which keeps its lines */
        status |= make_plain(member, is_file ? utf8_text : plain);
    }
    json_array_foreach(value, index, member)
    {
        status |= make_plain(member, plain);
    }
    return status;
}

json_t *json_want_file(const char *path, size_t most_bytes, struct err *e)
{
    char *text;
    size_t length_bytes;
    if (files_want_regular(path, e) || files_read(path, most_bytes, &text, &length_bytes, e))
        return NULL;
    json_error_t error;
    json_t *root = json_loadb(text, length_bytes, JSON_REJECT_DUPLICATES, &error);
    free(text);
    if (!root)
        err_set(e, ERR_INPUT, "%s:%d:%d: error: not valid JSON: %s", path, error.line, error.column,
                error.text);
    if (root && make_plain(root, utf8_line)) {
        err_set(e, ERR_FAILED, "out of memory while reading %s", path);
        json_decref(root);
        return NULL;
    }
    return root;
}

static const char *type_name(const json_t *value)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_STRING] = "a text",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number",  [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null",
    };
    return value ? names[json_typeof(value)] : "missing";
}

static void refuse(struct json_want *w, struct json_place at, const char *key, const char *right,
                   const json_t *value)
{
    if (w->failed)
        return;
    w->failed = true;
    const char *dot = *at.name ? "." : "";
    if (value)
        err_set(w->e, ERR_INPUT, "%s: '%s%s%s' must be %s, not %s", w->file, at.name, dot, key, right,
                type_name(value));
    else
        err_set(w->e, ERR_INPUT, "%s: '%s%s%s' is missing; it must be %s", w->file, at.name, dot, key, right);
}

static bool is_unknown(const json_t *value)
{
    return !value || json_is_null(value);
}

const char *json_want_text(struct json_want *w, struct json_place at, const char *key)
{
    const json_t *value = json_object_get(at.object, key);
    if (json_is_string(value))
        return json_string_value(value);
    refuse(w, at, key, "a text", value);
    return "";
}

const char *json_want_text_or_null(struct json_want *w, struct json_place at, const char *key)
{
    return is_unknown(json_object_get(at.object, key)) ? NULL : json_want_text(w, at, key);
}

double json_want_real(struct json_want *w, struct json_place at, const char *key)
{
    const json_t *value = json_object_get(at.object, key);
    if (json_is_number(value))
        return json_number_value(value);
    refuse(w, at, key, "a number", value);
    return NAN;
}

double json_want_real_or_null(struct json_want *w, struct json_place at, const char *key)
{
    return is_unknown(json_object_get(at.object, key)) ? NAN : json_want_real(w, at, key);
}

double json_want_seconds(struct json_want *w, struct json_place at, const char *key)
{
    const json_t *value = json_object_get(at.object, key);
    if (json_number_value(value) >= 0 && json_number_value(value) <= JSON_WANT_SECONDS_MOST)
        return json_want_real(w, at, key);
    refuse(w, at, key, "a number of seconds from 0 to 1e9", value);
    return NAN;
}

double json_want_seconds_or_null(struct json_want *w, struct json_place at, const char *key)
{
    return is_unknown(json_object_get(at.object, key)) ? NAN : json_want_seconds(w, at, key);
}

uint64_t json_want_count(struct json_want *w, struct json_place at, const char *key)
{
    const json_t *value = json_object_get(at.object, key);
    if (json_is_integer(value) && json_integer_value(value) >= 0)
        return (uint64_t)json_integer_value(value);
    refuse(w, at, key, "a whole number from 0", value);
    return 0;
}

uint64_t json_want_count_or(struct json_want *w, struct json_place at, const char *key, uint64_t if_null)
{
    return is_unknown(json_object_get(at.object, key)) ? if_null : json_want_count(w, at, key);
}

bool json_want_flag(struct json_want *w, struct json_place at, const char *key)
{
    const json_t *value = json_object_get(at.object, key);
    if (!json_is_boolean(value))
        refuse(w, at, key, "true or false", value);
    return json_is_true(value);
}

const json_t *json_want_array(struct json_want *w, struct json_place at, const char *key)
{
    const json_t *value = json_object_get(at.object, key);
    if (!json_is_array(value))
        refuse(w, at, key, "an array", value);
    return value;
}

const json_t *json_want_object_or_null(struct json_want *w, struct json_place at, const char *key)
{
    const json_t *value = json_object_get(at.object, key);
    if (is_unknown(value))
        return NULL;
    if (!json_is_object(value))
        refuse(w, at, key, "an object", value);
    return value;
}

void *json_want_rows(struct json_want *w, struct json_place at, const char *key, size_t row_bytes,
                     json_want_row_fn *read, size_t *n)
{
    const json_t *array = json_want_array(w, at, key);
    const size_t size = json_array_size(array);
    char *rows = size ? calloc(size, row_bytes) : NULL;
    *n = 0;
    if (size && !rows) {
        err_set(w->e, ERR_FAILED, "out of memory while reading %s", w->file);
        w->failed = true;
    }
    for (; rows && *n < size; (*n)++) {
        char name[PLACE_BYTES];
        snprintf(name, sizeof name, "%s[%zu]", key, *n);
        read(w, (struct json_place){ json_array_get(array, *n), name }, rows + *n * row_bytes);
    }
    return rows;
}
