/* What rank 0 asks of the other ranks, which wait for orders: to take part in a run, or to end. */
#ifndef FLEET_ORDER_H
#define FLEET_ORDER_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct fleet;

enum order_kind {
    ORDER_RUN, /* with the command line of the run */
    ORDER_END, /* with the exit code */
};

struct order {
    enum order_kind kind;
    int code;     /* ORDER_END */
    char **words; /* owned, NULL-terminated: what follows the command's name */
    size_t n_words;
    uint64_t seed;
    char *folder; /* owned: of all shares, the same path on each rank */
};

/* Rank 0's: borrows the order. */
int order_give(struct fleet *f, const struct order *order, struct err *e);
/* Waits for the next order. The caller frees it with order_fini in every case. */
int order_await(struct fleet *f, struct order *order, struct err *e);
void order_fini(struct order *order);

#endif
