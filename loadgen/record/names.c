#include "names.h"

#include <stdlib.h>
#include <string.h>

int names_init(struct names *names, uint32_t capacity)
{
    *names = (struct names){ .texts = calloc(capacity, sizeof *names->texts),
                             .slots = calloc(2 * (size_t)capacity, sizeof *names->slots),
                             .capacity = capacity };
    if (names->texts && names->slots)
        return 0;
    names_fini(names);
    return -1;
}

void names_fini(struct names *names)
{
    free(names->texts);
    free(names->slots);
    *names = (struct names){ 0 };
}

static char safe_byte(char c)
{
    return c <= ' ' || c > '~' || c == ',' || c == '"' ? '_' : c;
}

/* FNV-1a, Fowler, Noll and Vo. */
static uint32_t hash_of(const char *text, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

static int is_text(const struct names *names, uint32_t number, const char *text, size_t length)
{
    return memcmp(names->texts[number], text, length) == 0 && names->texts[number][length] == '\0';
}

uint32_t names_number(struct names *names, const char *text, size_t length_bytes)
{
    char safe[NAMES_TEXT_BYTES];
    if (length_bytes == 0 || length_bytes >= sizeof safe)
        return NAMES_NONE;
    if (names->n > 0) {
        const uint32_t next = names->last + 1 < names->n ? names->last + 1 : 0;
        if (is_text(names, next, text, length_bytes))
            return names->last = next;
    }
    for (size_t i = 0; i < length_bytes; i++)
        safe[i] = safe_byte(text[i]);
    const uint32_t mask = 2 * names->capacity - 1;
    uint32_t at = hash_of(safe, length_bytes) & mask;
    for (; names->slots[at]; at = (at + 1) & mask)
        if (is_text(names, names->slots[at] - 1, safe, length_bytes))
            return names->last = names->slots[at] - 1;
    if (names->n == names->capacity)
        return NAMES_NONE;
    memcpy(names->texts[names->n], safe, length_bytes);
    names->slots[at] = names->n + 1;
    return names->last = names->n++;
}
