#include "har_values.h"

#include "fnv.h"
#include "plan.h"
#include "text_out.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SHORT_BYTES = 8, LONG_BYTES = 8192, DEPTH_MOST = 12, PATH_BYTES = 512 };

bool har_values_is_short(const char *text)
{
    return strlen(text) < SHORT_BYTES;
}

/* Names of members whose short values are worth to be known. */
static bool is_id_name(const char *name)
{
    static const char *const ends[] = {
        "id", "token", "key", "code", "number", "no", "slug", "csrf", "nonce"
    };
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const size_t n = strlen(ends[i]);
        if (length >= n && strcasecmp(name + length - n, ends[i]) == 0)
            return true;
    }
    return false;
}

static size_t slot_of(const char *text)
{
    return fnv_hash(text, strlen(text)) % HAR_VALUES_SLOTS;
}

struct har_value *har_values_first(const struct har_values *v, const char *text)
{
    return v->slots[slot_of(text)];
}

static bool is_known(const struct har_values *v, size_t entry, const char *text)
{
    for (const struct har_value *x = har_values_first(v, text); x; x = x->next)
        if (x->entry == entry && strcmp(x->text, text) == 0)
            return true;
    return false;
}

static int add(struct har_values *v, size_t entry, const char *name, const char *text, const char *source,
               const char *place, struct err *e)
{
    const size_t length = strlen(text);
    if (length == 0 || length > LONG_BYTES || (length < SHORT_BYTES && !is_id_name(name)) ||
        v->n == HAR_VALUES_MOST || is_known(v, entry, text))
        return 0;
    struct har_value *x = arena_take(v->arena, sizeof *x, e);
    if (!x || !(x->text = arena_text(v->arena, text, e)) || !(x->name = arena_text(v->arena, name, e)) ||
        !(x->place = arena_text(v->arena, place, e)))
        return -1;
    x->source = source;
    x->entry = entry;
    struct har_value **slot = &v->slots[slot_of(text)];
    x->next = *slot;
    *slot = x;
    v->n++;
    return 0;
}

int har_values_add_header(struct har_values *v, size_t entry, const char *name, const char *value,
                          struct err *e)
{
    static const char *const words[] = { "token", "csrf", "xsrf", "auth", "session", "request-id", "nonce" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(name, words[i]) && strcasecmp(name, "set-cookie") != 0)
            return add(v, entry, name, value, "header", name, e);
    return 0;
}

int har_values_add_regex(struct har_values *v, size_t entry, const char *name, const char *value,
                         const char *regex, struct err *e)
{
    return add(v, entry, name, value, "regex", regex, e);
}

static bool is_plain_name(const char *name)
{
    return (isalpha((unsigned char)*name) || *name == '_') &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")] == '\0';
}

/* RFC 9535: `.name`, or `['name']`. False when there is no room. */
static bool put_name(char *path, size_t used, const char *name)
{
    if (is_plain_name(name))
        return (size_t)snprintf(path + used, PATH_BYTES - used, ".%s", name) < PATH_BYTES - used;
    size_t n = used + (size_t)snprintf(path + used, PATH_BYTES - used, "['");
    for (; *name && n + 8 < PATH_BYTES; name++) {
        if ((unsigned char)*name < ' ')
            return false;
        if (*name == '\'' || *name == '\\')
            path[n++] = '\\';
        path[n++] = *name;
    }
    return !*name && (size_t)snprintf(path + n, PATH_BYTES - n, "']") < PATH_BYTES - n;
}

static int add_leaf(struct har_values *v, size_t entry, const char *name, const json_t *leaf,
                    const char *path, struct err *e)
{
    char number[32];
    if (json_is_string(leaf))
        return strlen(json_string_value(leaf)) == json_string_length(leaf)
                   ? add(v, entry, name, json_string_value(leaf), "json", path, e)
                   : 0;
    if (!json_is_integer(leaf))
        return 0;
    snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(leaf));
    return add(v, entry, name, number, "json", path, e);
}

/* `path` has PATH_BYTES; `name` is that of the nearest member. */
static int add_below(struct har_values *v, size_t entry, const char *name, const json_t *value, char *path,
                     unsigned depth, struct err *e)
{
    const size_t used = strlen(path);
    const char *key;
    json_t *item;
    size_t i;
    if (depth > DEPTH_MOST || used + 32 > PATH_BYTES)
        return 0;
    json_object_foreach((json_t *)value, key, item)
    {
        if (put_name(path, used, key) && add_below(v, entry, key, item, path, depth + 1, e))
            return -1;
        path[used] = '\0';
    }
    json_array_foreach(value, i, item)
    {
        snprintf(path + used, PATH_BYTES - used, "[%zu]", i);
        if (add_below(v, entry, name, item, path, depth + 1, e))
            return -1;
        path[used] = '\0';
    }
    return add_leaf(v, entry, name, value, path, e);
}

int har_values_add_json(struct har_values *v, size_t entry, const json_t *answer, struct err *e)
{
    char path[PATH_BYTES] = "$";
    return add_below(v, entry, "value", answer, path, 0, e);
}
