/* Single runs against two alike clusters whose percentiles and rate are known: how often is an interval
 * printed, how often does it cover the truth, how often is one cluster called slower? Either the seconds
 * resemble their predecessors (AR(1)), or the requests queue at one server (M/M/1). */
#ifndef TRUTH_SECONDS_H
#define TRUTH_SECONDS_H

#include <stddef.h>
#include <stdint.h>

struct err;

enum seconds_what { SECONDS_P50, SECONDS_P90, SECONDS_P99, SECONDS_P999, SECONDS_RATE, N_SECONDS_WHAT };

struct seconds_setup {
    uint32_t n_seconds, n_runs;
    double phi;          /* of the seconds' levels */
    double utilisation;  /* of the queue; 0: lognormal times of 200 requests/s with AR(1) levels */
    double failed_share; /* of all attempts, by chance */
    uint64_t seed;
};

struct seconds_score {
    uint32_t n_printed, n_closed; /* with an interval; with one that has an upper end */
    uint32_t n_covered, n_closed_covered;
};

struct seconds_tally {
    uint32_t n; /* runs */
    struct seconds_score of[N_SECONDS_WHAT];
    struct seconds_score ratio[N_SECONDS_WHAT]; /* truth: 1 */
    uint32_t n_directions;                      /* reports that call either percentile longer: p50 or p99 */
};

int seconds_truth(const struct seconds_setup *setup, struct seconds_tally *tally, struct err *e);

#endif
