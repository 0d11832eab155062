/* Due requests that wait for a connection: a bounded ring. It touches no more memory than its longest backlog
 * needs, and gives that back when the backlog is over. One thread. */
#ifndef ENGINE_DUE_QUEUE_H
#define ENGINE_DUE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

/* A request whose time has come. */
struct due {
    uint64_t due_ns;
    uint64_t dispatched_ns;
    uint64_t seq;
    uint32_t phase;
};

struct due_queue {
    struct due *ring; /* owned */
    uint32_t head, n, capacity;
    uint32_t n_touched; /* places used since the memory was last given back */
};

/* -1 when memory is short. due_queue_fini accepts a zeroed queue. */
int due_queue_init(struct due_queue *q, uint32_t capacity);
void due_queue_fini(struct due_queue *q);
/* False: it is full. */
bool due_queue_put(struct due_queue *q, const struct due *due);
/* Takes the one that waits longest; there must be one. */
struct due due_queue_take(struct due_queue *q);

/* The one that waits longest; there must be one. */
static inline const struct due *due_queue_first(const struct due_queue *q)
{
    return &q->ring[q->head];
}

#endif
