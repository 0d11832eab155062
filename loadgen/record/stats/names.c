#include "names.h"

#include "fnv.h"

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

/* A text that ends in NULs must not match the padding of a shorter one. */
static int is_text(const struct names *names, uint32_t number, const char *text, size_t length)
{
    return text[length - 1] != '\0' && memcmp(names->texts[number], text, length) == 0 &&
           names->texts[number][length] == '\0';
}

/* The number after the last one found, if that is the text's. */
static uint32_t guess(struct names *names, const char *text, size_t length)
{
    if (names->n == 0)
        return NAMES_NONE;
    const uint32_t next = names->last + 1 < names->n ? names->last + 1 : 0;
    return is_text(names, next, text, length) ? (names->last = next) : NAMES_NONE;
}

static uint32_t find_or_add(struct names *names, const char *text, size_t length)
{
    const uint32_t mask = 2 * names->capacity - 1;
    uint32_t at = fnv_hash(text, length) & mask;
    for (; names->slots[at]; at = (at + 1) & mask)
        if (is_text(names, names->slots[at] - 1, text, length))
            return names->last = names->slots[at] - 1;
    if (names->n == names->capacity)
        return NAMES_NONE;
    memcpy(names->texts[names->n], text, length);
    names->slots[at] = names->n + 1;
    return names->last = names->n++;
}

uint32_t names_number(struct names *names, const char *text, size_t length_bytes)
{
    if (length_bytes == 0 || length_bytes >= NAMES_TEXT_BYTES)
        return NAMES_NONE;
    const uint32_t number = guess(names, text, length_bytes);
    return number != NAMES_NONE ? number : find_or_add(names, text, length_bytes);
}

uint32_t names_instance(struct names *names, const char *id, size_t length_bytes)
{
    char text[NAMES_TEXT_BYTES];
    if (length_bytes == 0)
        return NAMES_NONE;
    if (length_bytes < NAMES_TEXT_BYTES && !tags_instance_is_changed(id, length_bytes)) {
        const uint32_t number = guess(names, id, length_bytes); /* stored unchanged */
        if (number != NAMES_NONE)
            return number;
    }
    const size_t n = tags_instance(id, length_bytes, text);
    return find_or_add(names, text, n);
}

int names_map_init(struct names_map *map, const struct names *from, struct names *to, uint32_t capacity)
{
    *map = (struct names_map){
        .from = from, .to = to, .numbers = calloc(capacity, sizeof *map->numbers), .capacity = capacity
    };
    return map->numbers ? 0 : -1;
}

void names_map_fini(struct names_map *map)
{
    free(map->numbers);
    *map = (struct names_map){ 0 };
}

uint32_t names_map_get(struct names_map *map, uint32_t number)
{
    if (number >= map->capacity)
        return NAMES_NONE;
    if (map->numbers[number] == 0) {
        const char *text = names_text(map->from, number);
        const uint32_t found = names_number(map->to, text, strlen(text));
        if (found == NAMES_NONE)
            return NAMES_NONE;
        map->numbers[number] = found + 1;
    }
    return map->numbers[number] - 1;
}
