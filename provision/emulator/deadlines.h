/* Timers in a binary heap: the earliest deadline comes out first, and of equal ones the one put in first. An
 * item embeds its `struct deadline`, which knows its place in the heap, so that removal needs no search. */
#ifndef PROVISION_DEADLINES_H
#define PROVISION_DEADLINES_H

#include <stddef.h>
#include <stdint.h>

struct deadline {
    uint64_t due_ns;
    uint64_t order; /* set by deadlines_put */
    size_t place;   /* in the heap, from 1; 0: not in it */
};

struct deadlines {
    struct deadline **heap; /* owned array of borrowed deadlines; the root is heap[1] */
    size_t n;
    size_t capacity;
    uint64_t n_ever;
};

void deadlines_fini(struct deadlines *d);
/* Adds `item`, which must not be in the heap; borrowed until it is removed. -1 when memory is out. */
int deadlines_put(struct deadlines *d, struct deadline *item, uint64_t due_ns);
/* The earliest; NULL when there is none. */
struct deadline *deadlines_first(const struct deadlines *d);
/* Removes an item; fine if it is not in the heap. */
void deadlines_remove(struct deadlines *d, struct deadline *item);

#endif
