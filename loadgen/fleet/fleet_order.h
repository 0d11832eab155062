/* What rank 0 asks of the other ranks, which wait for orders: to take part in a run, or to end. The files of
 * the plan go with it, unless they went with an earlier one. */
#ifndef FLEET_FLEET_ORDER_H
#define FLEET_FLEET_ORDER_H

#include "fleet_inputs.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct err;
struct fleet;

enum fleet_order_kind {
    FLEET_ORDER_RUN,  /* with how its plan is made */
    FLEET_ORDER_WAIT, /* another order follows */
    FLEET_ORDER_END,  /* with the exit code */
};

/* Owned by a rank that got it, borrowed by rank 0. */
struct fleet_order {
    enum fleet_order_kind kind;
    int code;      /* FLEET_ORDER_END */
    bool is_whole; /* of the fleet: no rank is lost. Known to rank 0, which fills it in */
    char *command; /* its name; NULL: none */
    struct fleet_inputs inputs;
    json_t *step; /* of the recipe (run_member.h) */
    uint64_t seed;
    char *folder; /* of all shares, the same path on each rank; NULL: none */
};

int fleet_order_give(struct fleet *f, const struct fleet_order *order, struct err *e);
/* Rank 0 rests between two runs, and stays in touch with the others. A stop ends the rest. */
void fleet_order_rest(struct fleet *f, uint64_t ns);
/* Waits for the next order; -1 when rank 0 falls silent. The caller frees it with fleet_order_fini in every
 * case. */
int fleet_order_await(struct fleet *f, struct fleet_order *order, struct err *e);
void fleet_order_fini(struct fleet_order *order);

#endif
