#include "due_queue.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { KEPT_BYTES = 512 * 1024 }; /* a multiple of every page size; returning less is not worth the calls */

int due_queue_init(struct due_queue *q, uint32_t capacity)
{
    const size_t bytes = (size_t)capacity * sizeof *q->ring;
    memset(q, 0, sizeof *q);
    q->ring = aligned_alloc(KEPT_BYTES, (bytes / KEPT_BYTES + 1) * KEPT_BYTES);
    q->capacity = q->ring ? capacity : 0;
    return q->ring ? 0 : -1;
}

void due_queue_fini(struct due_queue *q)
{
    free(q->ring);
    memset(q, 0, sizeof *q);
}

bool due_queue_put(struct due_queue *q, const struct due *due)
{
    if (q->n == q->capacity)
        return false;
    uint32_t at = q->head + q->n++;
    if (at >= q->capacity)
        at -= q->capacity;
    q->ring[at] = *due;
    if (at >= q->n_touched)
        q->n_touched = at + 1;
    return true;
}

bool due_queue_put_first(struct due_queue *q, const struct due *due)
{
    if (q->n == 0 || q->n == q->capacity)
        return due_queue_put(q, due);
    q->head = q->head > 0 ? q->head - 1 : q->capacity - 1;
    q->n++;
    q->ring[q->head] = *due;
    if (q->head >= q->n_touched)
        q->n_touched = q->head + 1;
    return true;
}

/* The queue is empty: starts over at the front. */
static void start_over(struct due_queue *q)
{
    const size_t touched_bytes = q->n_touched * sizeof *q->ring;
    q->head = 0;
    if (touched_bytes <= KEPT_BYTES)
        return;
    madvise((char *)q->ring + KEPT_BYTES, touched_bytes - KEPT_BYTES, MADV_DONTNEED);
    q->n_touched = 0;
}

struct due due_queue_take(struct due_queue *q)
{
    const struct due first = q->ring[q->head];
    q->head = q->head + 1 < q->capacity ? q->head + 1 : 0;
    if (--q->n == 0)
        start_over(q);
    return first;
}
