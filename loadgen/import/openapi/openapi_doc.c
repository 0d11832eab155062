#include "openapi_doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOPS_MOST = 16, KEY_BYTES = 512 };

/* One segment of a JSON pointer (RFC 6901), decoded; -1 when it is too long. */
static int read_segment(const char **at, char key[static KEY_BYTES])
{
    size_t n = 0;
    for (++*at; **at && **at != '/'; ++*at) {
        char c = **at;
        unsigned code;
        if (c == '~' && ((*at)[1] == '0' || (*at)[1] == '1'))
            c = *++*at == '0' ? '~' : '/';
        else if (c == '%' && sscanf(*at + 1, "%2x", &code) == 1 && (*at)[2]) {
            c = (char)code;
            *at += 2;
        }
        if (n + 1 == KEY_BYTES)
            return -1;
        key[n++] = c;
    }
    key[n] = '\0';
    return 0;
}

static const json_t *follow(const json_t *root, const char *reference)
{
    char key[KEY_BYTES];
    const json_t *at = root;
    if (*reference != '#')
        return NULL;
    for (reference++; at && *reference == '/';) {
        if (read_segment(&reference, key))
            return NULL;
        at = json_is_array(at) ? json_array_get(at, strtoul(key, NULL, 10)) : json_object_get(at, key);
    }
    return at;
}

const json_t *openapi_resolve(const json_t *root, const json_t *value)
{
    for (unsigned i = 0; i < HOPS_MOST; i++) {
        const char *reference = json_string_value(json_object_get(value, "$ref"));
        if (!reference)
            return value;
        value = follow(root, reference);
    }
    return NULL;
}

const json_t *openapi_member(const json_t *root, const json_t *object, const char *key)
{
    return openapi_resolve(root, json_object_get(openapi_resolve(root, object), key));
}
