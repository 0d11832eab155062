/* When each of a set of items is due, the earliest first: an indexed binary heap, so that an item can be
 * moved or removed wherever it lies. Items are small numbers, such as those of a shard's users. All memory is
 * taken at the start. For one thread. */
#ifndef ENGINE_DUE_HEAP_H
#define ENGINE_DUE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

struct due_heap_entry {
    uint64_t due_ns;
    uint32_t item;
};

struct due_heap {
    struct due_heap_entry *entries; /* owned; [0] is the earliest */
    uint32_t *places;               /* of each item in entries; owned; UINT32_MAX: not in the heap */
    uint32_t n;
};

/* For items 0 to n_items - 1. -1 when memory is short. due_heap_fini also accepts a zeroed heap. */
int due_heap_init(struct due_heap *h, uint32_t n_items);
void due_heap_fini(struct due_heap *h);

/* Adds the item, or moves it if it is there. Of equal times, the item with the lower number is earlier. */
void due_heap_put(struct due_heap *h, uint32_t item, uint64_t due_ns);
/* Removes the item if it is there. */
void due_heap_remove(struct due_heap *h, uint32_t item);
/* Removes the earliest and returns it. The heap must not be empty. */
uint32_t due_heap_take(struct due_heap *h);

/* When the earliest is due; UINT64_MAX: the heap is empty. */
static inline uint64_t due_heap_first_ns(const struct due_heap *h)
{
    return h->n > 0 ? h->entries[0].due_ns : UINT64_MAX;
}

static inline bool due_heap_has(const struct due_heap *h, uint32_t item)
{
    return h->places[item] != UINT32_MAX;
}

#endif
