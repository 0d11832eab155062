/* Stretches of time, and how long they are together. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stddef.h>
#include <stdint.h>

struct span {
    uint64_t start_ns, end_ns;
};

/* Length of their union: time that several share counts once. Sorts them by their start. */
uint64_t span_union_ns(struct span *spans, size_t n);

#endif
