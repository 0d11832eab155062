/* Runs of a minute against a simulated server whose p99 is known: how often does the block bootstrap's
 * interval cover it? */
#ifndef TRUTH_BOOTSTRAP_H
#define TRUTH_BOOTSTRAP_H

#include <stdint.h>

struct err;

struct bootstrap_setup {
    double utilisation;
    uint32_t n_runs;
    uint64_t seed;
};

/* How an interval does. */
struct bootstrap_score {
    uint32_t n_covered;
    double mean_half_width; /* relative to the truth */
};

struct bootstrap_tally {
    uint32_t n;
    struct bootstrap_score blocks; /* the block bootstrap */
    struct bootstrap_score ranks;  /* order statistics, as if requests were independent */
    uint32_t n_capped;             /* blocks wanted to be longer than a tenth of the run */
    double mean_block_s;
};

int bootstrap_truth(const struct bootstrap_setup *setup, struct bootstrap_tally *tally, struct err *e);
/* CPU seconds of one interval from 60 seconds of about 1000 bins each with 2000 resamples; negative when it
 * failed. */
double bootstrap_truth_cost_s(uint64_t seed, struct err *e);

#endif
