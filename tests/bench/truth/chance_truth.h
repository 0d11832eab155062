/* What is said by chance: of the balance of instances that a server picks at random, and of the steadiness of
 * seconds that have no change, or a known one. */
#ifndef TRUTH_CHANCE_H
#define TRUTH_CHANCE_H

#include <stddef.h>
#include <stdint.h>

struct err;

struct balance_setup {
    uint32_t n_instances, n_requests, n_each_second, n_runs;
    uint64_t seed;
};

struct balance_tally {
    uint32_t n, n_round_robin, n_uneven;
};

struct balance_tally balance_truth(const struct balance_setup *setup);

struct steady_setup {
    uint32_t n_seconds, n_runs;
    double phi, sd; /* of the logarithms of the seconds' medians */
    double change;  /* of the level after half of them; 0: none */
    uint64_t seed;
};

struct steady_tally {
    uint32_t n, n_changed, n_dependent;
};

int steady_truth(const struct steady_setup *setup, struct steady_tally *tally, struct err *e);

#endif
