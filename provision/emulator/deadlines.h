/* A binary heap of things that are due at a time; what is due earliest comes out first, and of equals the one
 * put in first. A thing embeds its `struct deadline` and is in at most one place, so that taking it out again
 * needs no search. */
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
/* Puts `item`, which is not in the heap; borrowed until it comes out. -1 when memory is out. */
int deadlines_put(struct deadlines *d, struct deadline *item, uint64_t due_ns);
/* The earliest; NULL when there is none. */
struct deadline *deadlines_first(const struct deadlines *d);
/* Takes an item out; fine if it is not in the heap. */
void deadlines_remove(struct deadlines *d, struct deadline *item);

#endif
