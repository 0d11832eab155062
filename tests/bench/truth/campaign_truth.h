/* Campaigns of paired runs against two simulated clusters whose ratio is known, each judged as `compare`
 * judges real ones: how often does the interval cover the truth, how often is the right answer given, how
 * often a wrong one? */
#ifndef TRUTH_CAMPAIGN_H
#define TRUTH_CAMPAIGN_H

#include <stdint.h>

struct err;

enum { CAMPAIGN_PERCENTILES = 3, CAMPAIGN_OUTCOMES = 5 };

struct campaign_setup {
    double ratio;        /* of cluster B's percentiles to A's: the truth */
    double utilisation;  /* of A's queue */
    double run_spread;   /* standard deviation of a run's own factor (log), which is skewed */
    double drift;        /* standard deviation of the step from pair to pair that both arms share (log) */
    uint32_t n_requests; /* per run */
    uint32_t n_pairs;
    uint32_t n_controls; /* A/A pairs */
    uint32_t n_campaigns;
    uint64_t seed;
};

struct campaign_tally {
    uint32_t p_ppm;
    uint32_t n;              /* campaigns */
    uint32_t n_covered;      /* by the t interval of the ratio */
    uint32_t n_covered_rank; /* by the Hodges-Lehmann interval */
    uint32_t n_outcome[CAMPAIGN_OUTCOMES];
    double mean_sd;    /* spread of the log ratios of pairs, mean over campaigns */
    double mean_width; /* of the t interval */
};

int campaign_truth(const struct campaign_setup *setup, struct campaign_tally tally[CAMPAIGN_PERCENTILES],
                   struct err *e);

#endif
