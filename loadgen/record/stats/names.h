/* Numbers for texts from the network, such as instance ids and remote addresses: each distinct text gets the
 * next number. One thread adds; another may read the texts of numbers that came through a mailbox. Capacity
 * is fixed, so texts never move. */
#ifndef RECORD_NAMES_H
#define RECORD_NAMES_H

#include "tags.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NAMES_TEXT_BYTES = TAGS_INSTANCE_BYTES };
#define NAMES_NONE UINT32_MAX

struct names {
    char (*texts)[NAMES_TEXT_BYTES];
    uint32_t *slots; /* open addressing: number + 1, 0 empty; twice the capacity, a power of two */
    uint32_t capacity;
    uint32_t n;
    uint32_t last; /* the number found last; round robin makes neighbours likely */
};

/* -1 when memory is short. `capacity` is a power of two. */
int names_init(struct names *names, uint32_t capacity);
void names_fini(struct names *names);

/* The number of a text, added if new; NAMES_NONE if it is empty, too long, or the table is full. */
uint32_t names_number(struct names *names, const char *text, size_t length_bytes);

/* The same for an instance id as received; its text is made by tags_instance. */
uint32_t names_instance(struct names *names, const char *id, size_t length_bytes);

/* No new text can be added. */
static inline bool names_is_full(const struct names *names)
{
    return names->n == names->capacity;
}

static inline const char *names_text(const struct names *names, uint32_t number)
{
    return names->texts[number];
}

/* Translates a thread's numbers for texts into the run's: each thread numbers instance ids and addresses as
 * it meets them, the recorder numbers them once for all threads. Each is looked up when first seen. */
struct names_map {
    const struct names *from; /* the thread's; borrowed */
    struct names *to;         /* the run's; borrowed */
    uint32_t *numbers;        /* by the thread's number: the run's number + 1; 0: not looked up yet */
    uint32_t capacity;
};

/* -1 when memory is short. */
int names_map_init(struct names_map *map, const struct names *from, struct names *to, uint32_t capacity);
void names_map_fini(struct names_map *map);

/* The run's number, or NAMES_NONE when the number is out of range or the run's table is full. */
uint32_t names_map_get(struct names_map *map, uint32_t number);

#endif
