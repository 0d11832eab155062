/* The sum of each second over all ranks, at rank 0: every rank adds what its branches of the binomial tree
 * (fleet_tree.h) sent to its own second and sends one message to its parent. A rank that waits for a branch
 * gives up the earlier the lower it stands in the tree, so that one silent rank does not make those above it
 * late; what comes later rides with the next second and is added then. No rank waits for rank 0. */
#ifndef FLEET_REDUCTION_H
#define FLEET_REDUCTION_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct plan;
struct reduction; /* opaque */
struct stats;
struct wire;
struct wire_message;

/* A second at rank 0. */
struct reduced {
    uint64_t second, length_ns;
    uint32_t n_told; /* shares that are in `sum`, or that had ended before the second */
    bool is_late;    /* it adds to a second that was given before */
    const struct stats *sum;
};

struct reduction_params {
    struct wire *wire;       /* borrowed */
    const struct plan *plan; /* borrowed */
    uint32_t more_metrics;   /* see second_encode */
    uint64_t wait_ns;        /* how long rank 0 waits for others after a second's end */
    void (*on_second)(void *payload, const struct reduced *second); /* at rank 0 */
    void *payload;
};

/* NULL and a sentence when memory is short. */
struct reduction *reduction_new(const struct reduction_params *params, struct err *e);
void reduction_free(struct reduction *r);

/* Second 0 begins at `t0_ns` on this rank's monotonic clock. */
void reduction_begin(struct reduction *r, uint64_t t0_ns);

/* Adds this rank's own second. The only function for another thread than the wire's. */
void reduction_add(struct reduction *r, uint64_t second, const struct stats *sum, uint64_t length_ns);
/* This rank has no more seconds; it goes on passing on those of its branches. */
void reduction_end(struct reduction *r);

/* The run is over here, and its last second was added: sends what is left straight to rank 0, or gives it to
 * `on_second` there. Others' seconds pass through this rank no more. */
void reduction_flush(struct reduction *r);
/* At rank 0: how many others have done that. */
uint32_t reduction_n_flushed(const struct reduction *r);

/* Takes in a message with the tag WIRE_SECOND. */
void reduction_message(struct reduction *r, const struct wire_message *m);
/* Sends what is due, or gives it to `on_second`. */
void reduction_turn(struct reduction *r, uint64_t now_ns);

/* The rank is away, or back: meanwhile the ranks below it report to the one above it, and none waits for it.
 */
void reduction_bridge(struct reduction *r, uint32_t rank, bool is_away);

/* Parts of seconds that were lost: damaged, or memory was short. */
uint64_t reduction_n_bad(const struct reduction *r);

#endif
