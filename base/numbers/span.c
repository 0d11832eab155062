#include "span.h"

#include <stdlib.h>

static int by_start(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return (x->start_ns > y->start_ns) - (x->start_ns < y->start_ns);
}

uint64_t span_union_ns(struct span *spans, size_t n)
{
    uint64_t sum_ns = 0, covered_ns = 0;
    if (n > 1)
        qsort(spans, n, sizeof *spans, by_start);
    for (size_t i = 0; i < n; i++) {
        const uint64_t from_ns = spans[i].start_ns > covered_ns ? spans[i].start_ns : covered_ns;
        if (spans[i].end_ns <= from_ns)
            continue;
        sum_ns += spans[i].end_ns - from_ns;
        covered_ns = spans[i].end_ns;
    }
    return sum_ns;
}
