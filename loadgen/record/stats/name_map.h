/* Translates a thread's numbers for texts into the run's: each thread numbers instance ids and addresses as
 * it meets them, the recorder numbers them once for all threads. Each is looked up when first seen. */
#ifndef RECORD_NAME_MAP_H
#define RECORD_NAME_MAP_H

#include "names.h"

struct name_map {
    const struct names *from; /* the thread's; borrowed */
    struct names *to;         /* the run's; borrowed */
    uint32_t *numbers;        /* by the thread's number: the run's number + 1; 0: not looked up yet */
    uint32_t capacity;
};

/* -1 when memory is short. */
int name_map_init(struct name_map *map, const struct names *from, struct names *to, uint32_t capacity);
void name_map_fini(struct name_map *map);

/* The run's number, or NAMES_NONE when the number is out of range or the run's table is full. */
uint32_t name_map_get(struct name_map *map, uint32_t number);

#endif
