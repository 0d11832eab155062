#include "secret_fields.h"

#include "secret_name.h"

#include <ctype.h>
#include <string.h>

struct found {
    const char *name, *value;
    size_t name_bytes, value_bytes;
};

static const char *end_of_string(const char *at, const char *end)
{
    while (at < end && *at != '"')
        at += *at == '\\' && at + 1 < end ? 2 : 1;
    return at < end ? at : end;
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && strchr(" \t\r\n", *at))
        at++;
    return at;
}

static size_t span_until(const char *at, const char *end, const char *stops)
{
    size_t n = 0;
    while (at + n < end && !strchr(stops, at[n]))
        n++;
    return n;
}

/* `at` is a quote. */
static bool find_member(const char *at, const char *end, struct found *f)
{
    const char *name_end = end_of_string(at + 1, end);
    const char *colon = name_end < end ? skip_blanks(name_end + 1, end) : end;
    if (colon == end || *colon != ':')
        return false;
    const char *value = skip_blanks(colon + 1, end);
    const bool is_string = value < end && *value == '"';
    f->name = at + 1;
    f->name_bytes = (size_t)(name_end - at) - 1;
    f->value = value + is_string;
    f->value_bytes =
        is_string ? (size_t)(end_of_string(f->value, end) - f->value)
        : value < end && (*value == '[' || (*value == '{' && (value + 1 == end || value[1] == '"')))
            ? 0 /* its own members follow */
            : span_until(value, end, ",]\r\n}") + (value < end && *value == '{');
    return true;
}

static bool find_pair(const char *at, const char *end, struct found *f)
{
    size_t n = 0;
    while (at + n < end && (isalnum((unsigned char)at[n]) || strchr("_.-[]%", at[n])))
        n++;
    if (n == 0 || at + n == end || at[n] != '=')
        return false;
    *f = (struct found){ .name = at, .name_bytes = n, .value = at + n + 1 };
    f->value_bytes = span_until(f->value, end, "&; \t\r\n\"#");
    return true;
}

/* The field that begins at `at`, behind `begin`. */
static bool find_field(const char *begin, const char *at, const char *end, struct found *f)
{
    if (*at == '"')
        return find_member(at, end, f);
    return (at == begin || strchr("?&\n ;", at[-1])) && find_pair(at, end, f);
}

bool secret_fields_next(const char *text, size_t n_bytes, const char *from, struct secret_field *field)
{
    const char *end = text + n_bytes;
    struct found f;
    for (const char *at = from; at < end; at++) {
        if (!find_field(text, at, end, &f) || f.value_bytes == 0 ||
            !secret_name_matches(f.name, f.name_bytes))
            continue;
        *field = (struct secret_field){ f.value, f.value_bytes };
        return true;
    }
    return false;
}
