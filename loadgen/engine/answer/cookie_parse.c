#include "cookie_parse.h"

#include "cookie_date.h"

#include <string.h>
#include <strings.h>

static struct cookie_text trimmed(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    while (at < end && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return (struct cookie_text){ at, (size_t)(end - at) };
}

/* The part from `*at` to the next semicolon, behind which `*at` moves. */
static const char *end_of_part(const char **at, const char *end)
{
    const char *semicolon = memchr(*at, ';', (size_t)(end - *at));
    const char *stop = semicolon ? semicolon : end;
    *at = semicolon ? stop + 1 : end;
    return stop;
}

static void split(const char *at, const char *end, struct cookie_text *name, struct cookie_text *value)
{
    const char *equals = memchr(at, '=', (size_t)(end - at));
    *name = trimmed(at, equals ? equals : end);
    *value = equals ? trimmed(equals + 1, end) : (struct cookie_text){ end, 0 };
}

static bool is_word(const struct cookie_text *t, const char *word)
{
    return t->n_bytes == strlen(word) && strncasecmp(t->at, word, t->n_bytes) == 0;
}

/* RFC 6265 section 5.2.2: a minus and digits, or digits; nothing else counts. */
static bool max_age(const struct cookie_text *t, int64_t now_s, int64_t *expires_s)
{
    const bool is_negative = t->n_bytes > 0 && t->at[0] == '-';
    int64_t value = 0;
    if (t->n_bytes == (size_t)is_negative)
        return false;
    for (size_t i = is_negative; i < t->n_bytes; i++) {
        if (t->at[i] < '0' || t->at[i] > '9')
            return false;
        if (value < INT64_MAX / 100)
            value = value * 10 + (t->at[i] - '0');
    }
    *expires_s = is_negative || value == 0 ? INT64_MIN : now_s + value;
    return true;
}

struct times {
    int64_t expires_s;
    bool has_max_age;
};

static void take_attribute(struct cookie_field *out, struct times *times, const struct cookie_text *name,
                           struct cookie_text value, int64_t now_s)
{
    int64_t seconds;
    if (is_word(name, "expires")) {
        if (!times->has_max_age && cookie_date_parse(value.at, value.n_bytes, &seconds))
            times->expires_s = seconds;
    } else if (is_word(name, "max-age")) {
        if (max_age(&value, now_s, &seconds))
            *times = (struct times){ seconds, true };
    } else if (is_word(name, "domain")) {
        const bool has_dot = value.n_bytes > 0 && *value.at == '.';
        if (value.n_bytes > 0)
            out->domain = (struct cookie_text){ value.at + has_dot, value.n_bytes - has_dot };
    } else if (is_word(name, "path")) {
        const bool is_path = value.n_bytes > 0 && *value.at == '/';
        out->path = is_path ? value : (struct cookie_text){ 0 };
    } else if (is_word(name, "secure")) {
        out->is_secure = true;
    }
}

static bool has_control(const char *at, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        if (((unsigned char)at[i] < 0x20 && at[i] != '\t') || at[i] == 0x7f)
            return true;
    return false;
}

bool cookie_parse(const char *field, size_t n_bytes, int64_t now_s, struct cookie_field *out)
{
    const char *at = field, *end = field + n_bytes;
    const char *stop = end_of_part(&at, end);
    struct times times = { INT64_MAX, false };
    *out = (struct cookie_field){ 0 };
    if (!memchr(field, '=', (size_t)(stop - field)) || has_control(field, n_bytes))
        return false;
    split(field, stop, &out->name, &out->value);
    if (out->name.n_bytes == 0)
        return false;
    while (at < end) {
        struct cookie_text name, value;
        const char *begin = at;
        stop = end_of_part(&at, end);
        split(begin, stop, &name, &value);
        take_attribute(out, &times, &name, value, now_s);
    }
    out->expires_s = times.expires_s;
    return true;
}
