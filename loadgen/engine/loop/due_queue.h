/* Due requests waiting for a connection: a bounded ring. It touches only as much memory as its longest
 * backlog needs, and returns it after the backlog. For one thread. */
#ifndef ENGINE_DUE_QUEUE_H
#define ENGINE_DUE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

struct plan_request;

/* A request that is due. */
struct due {
    uint64_t due_ns;
    uint64_t dispatched_ns;
    uint64_t sent_ns;  /* of a request that is sent again; else 0 */
    uint64_t setup_ns; /* the same */
    uint64_t seq;
    const struct plan_request *request; /* NULL: the stream's by number */
    uint32_t phase;
    uint8_t row; /* of the stream's results */
    bool is_retry;
    uint8_t again; /* enum again, if it was sent */
};

struct due_queue {
    struct due *ring; /* owned */
    uint32_t head, n, capacity;
    uint32_t n_touched; /* places used since memory was last returned */
};

/* -1 when memory is short. due_queue_fini also accepts a zeroed queue. */
int due_queue_init(struct due_queue *q, uint32_t capacity);
void due_queue_fini(struct due_queue *q);
/* False when it is full. */
bool due_queue_put(struct due_queue *q, const struct due *due);
/* The same, in front of all others. */
bool due_queue_put_first(struct due_queue *q, const struct due *due);
/* Removes the oldest. The queue must not be empty. */
struct due due_queue_take(struct due_queue *q);

/* The oldest. The queue must not be empty. */
static inline const struct due *due_queue_first(const struct due_queue *q)
{
    return &q->ring[q->head];
}

#endif
