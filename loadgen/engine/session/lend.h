/* The rows of a feed that lends them: each belongs to one session at a time. A row belongs to one thread of
 * one generator, which lends those that have been free for longest. For one thread. */
#ifndef ENGINE_LEND_H
#define ENGINE_LEND_H

#include <stdint.h>

struct plan;
struct plan_feed;

#define LEND_NONE UINT32_MAX

struct lend {
    uint32_t *rows;  /* a ring of the free ones, owned */
    uint32_t n_rows; /* that are this thread's */
    uint32_t first, n_free;
};

/* Row r is that of share r mod N, and there of thread r / N mod T. -1 when memory is short. */
int lend_init(struct lend *l, const struct plan *plan, const struct plan_feed *feed, uint32_t thread);
void lend_fini(struct lend *l);

/* LEND_NONE: all are lent. */
uint32_t lend_take(struct lend *l);
void lend_give(struct lend *l, uint32_t row);

#endif
