#include "name_map.h"

#include <stdlib.h>
#include <string.h>

int name_map_init(struct name_map *map, const struct names *from, struct names *to, uint32_t capacity)
{
    *map = (struct name_map){
        .from = from, .to = to, .numbers = calloc(capacity, sizeof *map->numbers), .capacity = capacity
    };
    return map->numbers ? 0 : -1;
}

void name_map_fini(struct name_map *map)
{
    free(map->numbers);
    *map = (struct name_map){ 0 };
}

uint32_t name_map_get(struct name_map *map, uint32_t number)
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
