/* Users who think for equally long: a bounded ring, in the order in which they began. For one thread. */
#ifndef ENGINE_THINK_QUEUE_H
#define ENGINE_THINK_QUEUE_H

#include <stdint.h>

struct conn;

struct thinker {
    uint64_t since_ns;
    struct conn *conn;
};

struct think_queue {
    struct thinker *ring; /* owned */
    uint32_t head, n, capacity;
};

/* -1 when memory is short. think_queue_fini also accepts a zeroed queue. */
int think_queue_init(struct think_queue *q, uint32_t capacity);
void think_queue_fini(struct think_queue *q);
/* There must be room. */
void think_queue_put(struct think_queue *q, struct conn *conn, uint64_t now_ns);
/* Removes the one that has thought longest. The queue must not be empty. */
struct conn *think_queue_take(struct think_queue *q);

/* Since when that one thinks; UINT64_MAX: none does. */
static inline uint64_t think_queue_since_ns(const struct think_queue *q)
{
    return q->n > 0 ? q->ring[q->head].since_ns : UINT64_MAX;
}

#endif
