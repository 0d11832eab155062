/* The Poisson arrivals of one phase, drawn so that no thread draws those of the others. Along the integral of
 * the rate, arrivals are a Poisson process of rate 1. The integral is cut into blocks. The seed, the stream,
 * the phase and the block determine how many arrivals a block has; the seed and an arrival's number determine
 * its place, uniform within the block. Numbers go on from block to block, so a thread needs the count of each
 * block, but the places of its own arrivals only. Within a block, numbers are not in the order of time. */
#ifndef PLAN_POISSON_H
#define PLAN_POISSON_H

#include "division.h"

#include <stdbool.h>
#include <stdint.h>

enum { POISSON_BLOCK_MOST = 63 }; /* arrivals in a block, of which 16 are expected */

struct poisson {
    uint64_t count_key, place_key; /* of random_at */
    double end;                    /* how many arrivals the phase expects */
    double start, width;           /* of the current block */
    uint64_t first;                /* the current block's first number */
    uint64_t next_block, next_first;
    uint64_t own[POISSON_BLOCK_MOST]; /* own places in it, in order; their lowest bits hold which arrival */
    uint32_t n_own, n_taken;
    double at_most[POISSON_BLOCK_MOST]; /* [n]: the probability of at most n arrivals in a whole block */
};

/* Begins phase `phase`, in which `n_expected` arrivals are expected, numbered from `first`. */
void poisson_begin(struct poisson *p, uint64_t seed, uint32_t stream, uint32_t phase, double n_expected,
                   uint64_t first);
/* The next own arrival in order of time: its number, and where on the integral it lies. `own` walks over the
 * thread's numbers, and has passed all of this phase when the answer is false. */
bool poisson_next(struct poisson *p, struct division_walk *own, double *at, uint64_t *number);
/* Once poisson_next has answered false: the number after the last of the phase. */
uint64_t poisson_end_number(const struct poisson *p);

#endif
