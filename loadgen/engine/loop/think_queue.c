#include "think_queue.h"

#include <stdlib.h>

int think_queue_init(struct think_queue *q, uint32_t capacity)
{
    *q = (struct think_queue){ .ring = malloc(capacity * sizeof *q->ring), .capacity = capacity };
    return q->ring ? 0 : -1;
}

void think_queue_fini(struct think_queue *q)
{
    free(q->ring);
    *q = (struct think_queue){ 0 };
}

void think_queue_put(struct think_queue *q, struct conn *conn, uint64_t now_ns)
{
    const uint32_t at = q->head + q->n++;
    q->ring[at < q->capacity ? at : at - q->capacity] = (struct thinker){ .since_ns = now_ns, .conn = conn };
}

struct conn *think_queue_take(struct think_queue *q)
{
    struct conn *conn = q->ring[q->head].conn;
    q->head = q->head + 1 < q->capacity ? q->head + 1 : 0;
    q->n--;
    return conn;
}
