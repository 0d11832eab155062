#include "words.h"

#include "arena.h"

#include <ctype.h>
#include <string.h>

/* A word begins with a letter. */
static bool may_begin_word(const char *after, const char *end)
{
    return after == end || *after == '{' || isalnum((unsigned char)*after) || *after == '_';
}

char *words_literal(struct arena *a, const char *bytes, size_t length_bytes, struct err *e)
{
    const char *end = bytes + length_bytes;
    char *text = arena_take(a, 2 * length_bytes + 1, e);
    char *out = text;
    for (const char *p = bytes; text && p < end; p++) {
        *out++ = *p;
        if (*p == '{' && may_begin_word(p + 1, end))
            *out++ = '{';
    }
    return text;
}

size_t words_length(const char *text)
{
    if (*text != '{' || text[1] == '{')
        return 0;
    const size_t n = strcspn(text + 1, "{}\"\n ");
    return n > 0 && text[n + 1] == '}' && may_begin_word(text + 1, NULL) ? n + 2 : 0;
}

char *words_bytes(struct arena *a, const char *template, size_t *length_bytes, struct err *e)
{
    char *bytes = arena_take(a, strlen(template) + 1, e);
    char *out = bytes;
    while (bytes && *template) {
        *out++ = *template;
        template += template[0] == '{' && template[1] == '{' ? 2 : 1;
    }
    *length_bytes = bytes ? (size_t)(out - bytes) : 0;
    return bytes;
}

bool words_has(const char *template)
{
    while (*template) {
        if (words_length(template) > 0)
            return true;
        template += template[0] == '{' && template[1] == '{' ? 2 : 1;
    }
    return false;
}
