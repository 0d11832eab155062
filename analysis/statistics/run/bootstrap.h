/* The interval of a percentile within one run. Requests of one second resemble each other and the next
 * second's, so blocks of whole seconds are resampled, not requests: circular block bootstrap (D. Politis,
 * J. Romano, in "Exploring the Limits of Bootstrap", 1992), with the block length chosen from the 1-s
 * medians. It describes this run; how runs differ takes several runs. */
#ifndef STATISTICS_BOOTSTRAP_H
#define STATISTICS_BOOTSTRAP_H

#include "block_length.h"

#include <stddef.h>
#include <stdint.h>

struct err;
struct timeline;

struct bootstrap_params {
    uint32_t n_resamples;
    double confidence;
    uint64_t seed;
};
/* 2000 resamples, 95 %; the caller sets and records the seed. */
extern const struct bootstrap_params bootstrap_defaults;

struct bootstrap_interval {
    uint64_t value_ns;     /* the percentile of all seconds */
    uint64_t lo_ns, hi_ns; /* outer bounds of bins, to cover quantisation */
};

struct bootstrap_ratio {
    double ratio, lo, hi; /* of B's percentile to A's */
};

/* Fills out[i] for p_ppm[i]; settles the timeline, else leaves it unchanged. `block` receives the block
 * length in units of the timeline; when it was capped, or with fewer than ten units, the interval is too
 * narrow. Fails when the timeline is empty or has only one unit. */
int bootstrap_percentiles(struct timeline *t, const uint32_t *p_ppm, size_t n_p,
                          const struct bootstrap_params *params, struct bootstrap_interval *out,
                          struct block_length *block, struct err *e);
/* The ratio of percentiles of two runs, each resampled on its own. */
int bootstrap_ratios(struct timeline *a, struct timeline *b, const uint32_t *p_ppm, size_t n_p,
                     const struct bootstrap_params *params, struct bootstrap_ratio *out, struct err *e);

#endif
