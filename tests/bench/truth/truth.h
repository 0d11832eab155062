/* A share that was simulated against what it should be. */
#ifndef TRUTH_H
#define TRUTH_H

#include <stdbool.h>
#include <stdint.h>

struct truth {
    bool is_full; /* as many campaigns as quoted figures rest on, and every cell */
    uint64_t seed;
    unsigned n_missed; /* promises not kept */
};

enum truth_side { TRUTH_AT_MOST, TRUTH_AT_LEAST, TRUTH_SHOWN /* no promise */ };

/* Prints k of n as a share, and a mark if it is worse than `promised` by more than chance allows. */
void truth_cell(struct truth *t, uint32_t k, uint32_t n, enum truth_side side, double promised);

#endif
