#include "har_html.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NAME_BYTES = 64, VALUE_BYTES = 1024, REGEX_BYTES = 256 };

/* The value of an attribute within a tag, in double quotes as nearly all pages have it; its place, or NULL.
 */
static const char *attribute(const char *tag, size_t length, const char *name, char *out, size_t out_bytes)
{
    const size_t n = strlen(name);
    for (size_t i = 1; i + n + 3 < length; i++) {
        if (strncasecmp(tag + i, name, n) != 0 || tag[i + n] != '=' || tag[i + n + 1] != '"' ||
            !isspace((unsigned char)tag[i - 1]))
            continue;
        const char *value = tag + i + n + 2;
        const char *end = memchr(value, '"', length - (i + n + 2));
        if (!end || (size_t)(end - value) >= out_bytes)
            return NULL;
        snprintf(out, out_bytes, "%.*s", (int)(end - value), value);
        return tag + i;
    }
    return NULL;
}

/* The name as a regular expression: those with marks of one are left out. */
static bool is_simple(const char *name)
{
    return *name &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

static int add_tag(struct har_values *v, size_t entry, const char *tag, size_t length,
                   const char *attribute_name, struct err *e)
{
    char name[NAME_BYTES], value[VALUE_BYTES], regex[REGEX_BYTES];
    const char *name_at = attribute(tag, length, "name", name, sizeof name);
    const char *value_at = attribute(tag, length, attribute_name, value, sizeof value);
    if (!name_at || !value_at || !is_simple(name) || strchr(value, '&'))
        return 0;
    if (name_at < value_at)
        snprintf(regex, sizeof regex, "name=\"%s\"[^>]*%s=\"([^\"]+)\"", name, attribute_name);
    else
        snprintf(regex, sizeof regex, "%s=\"([^\"]+)\"[^>]*name=\"%s\"", attribute_name, name);
    return har_values_add_regex(v, entry, name, value, regex, e);
}

int har_html_add(struct har_values *v, size_t entry, const char *text, struct err *e)
{
    for (const char *at = strchr(text, '<'); at; at = strchr(at + 1, '<')) {
        const bool is_input = strncasecmp(at, "<input", 6) == 0;
        if (!is_input && strncasecmp(at, "<meta", 5) != 0)
            continue;
        if (add_tag(v, entry, at, strcspn(at, ">"), is_input ? "value" : "content", e))
            return -1;
    }
    return 0;
}
