/* What rank 0 asks of the other ranks, which wait for orders: to take part in a run, or to end. */
#ifndef FLEET_FLEET_ORDER_H
#define FLEET_FLEET_ORDER_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct fleet;

enum fleet_order_kind {
    FLEET_ORDER_RUN, /* with the command line of the run */
    FLEET_ORDER_END, /* with the exit code */
};

struct fleet_order {
    enum fleet_order_kind kind;
    int code;     /* FLEET_ORDER_END */
    char **words; /* owned, NULL-terminated: what follows the command's name */
    size_t n_words;
    uint64_t seed;
    char *folder; /* owned: of all shares, the same path on each rank */
};

/* Rank 0's: borrows the order. */
int fleet_order_give(struct fleet *f, const struct fleet_order *order, struct err *e);
/* Waits for the next order. The caller frees it with fleet_order_fini in every case. */
int fleet_order_await(struct fleet *f, struct fleet_order *order, struct err *e);
void fleet_order_fini(struct fleet_order *order);

#endif
