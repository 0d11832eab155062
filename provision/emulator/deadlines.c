#include "deadlines.h"

#include <stdbool.h>
#include <stdlib.h>

static bool earlier(const struct deadline *a, const struct deadline *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->order < b->order;
}

static void place(struct deadlines *d, size_t at, struct deadline *item)
{
    d->heap[at] = item;
    item->place = at;
}

static void sift_up(struct deadlines *d, size_t at, struct deadline *item)
{
    while (at > 1 && earlier(item, d->heap[at / 2])) {
        place(d, at, d->heap[at / 2]);
        at /= 2;
    }
    place(d, at, item);
}

static void sift_down(struct deadlines *d, size_t at, struct deadline *item)
{
    while (2 * at <= d->n) {
        size_t child = 2 * at;
        if (child < d->n && earlier(d->heap[child + 1], d->heap[child]))
            child++;
        if (!earlier(d->heap[child], item))
            break;
        place(d, at, d->heap[child]);
        at = child;
    }
    place(d, at, item);
}

void deadlines_fini(struct deadlines *d)
{
    free(d->heap);
    *d = (struct deadlines){ 0 };
}

int deadlines_put(struct deadlines *d, struct deadline *item, uint64_t due_ns)
{
    if (d->n + 1 >= d->capacity) {
        const size_t capacity = d->capacity ? 2 * d->capacity : 64;
        struct deadline **larger = realloc(d->heap, capacity * sizeof *larger);
        if (!larger)
            return -1;
        d->heap = larger;
        d->capacity = capacity;
    }
    item->due_ns = due_ns;
    item->order = d->n_ever++;
    sift_up(d, ++d->n, item);
    return 0;
}

struct deadline *deadlines_first(const struct deadlines *d)
{
    return d->n ? d->heap[1] : NULL;
}

void deadlines_remove(struct deadlines *d, struct deadline *item)
{
    const size_t at = item->place;
    if (at == 0)
        return;
    struct deadline *last = d->heap[d->n--];
    item->place = 0;
    if (last == item)
        return;
    if (at > 1 && earlier(last, d->heap[at / 2]))
        sift_up(d, at, last);
    else
        sift_down(d, at, last);
}
