/* The 95 % interval of a percentile or rate within one run, from its whole seconds. It describes that run;
 * how runs differ takes several runs. Whether there is one depends on the number of whole seconds alone,
 * never on what they look like: with dependent seconds the interval grows, up to one without an upper end
 * ("21 ms or more").
 *
 * A percentile's interval comes from ranks among all attempts (R. Woodruff, JASA 47, 1952): the share of a
 * second's attempts within the run's percentile is a mean with an error (mean_error.h), and that error
 * becomes ranks, on the logit scale below. A failure counts as longer than every time. */
#ifndef BASE_RUN_INTERVAL_H
#define BASE_RUN_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct attempts;
struct hist;

enum {
    RUN_INTERVAL_SECONDS_LEAST = 30, /* whole seconds */
    RUN_INTERVAL_BEYOND_LEAST = 10,  /* attempts beyond a percentile */
    RUN_INTERVAL_WHY_BYTES = 80,
};

/* Times in ns, rates per second, or a ratio. */
struct run_interval {
    double value;     /* INFINITY: the percentile lies among failures; NAN: unknown */
    double lo, hi;    /* the ends; NAN if there is no interval. lo is INFINITY among failures */
    bool is_open;     /* there is no upper end, hi is INFINITY: "lo or more" */
    bool ends_failed; /* is_open, since the upper end lies among failures: "lo to none" */
    char why[RUN_INTERVAL_WHY_BYTES]; /* why there is no interval: "12 whole seconds are too few for an
                                         interval, which takes 30"; else "" */
};

/* A whole second, or a longer step, of which all that counts is known. */
struct run_second {
    const struct hist *ok; /* times of good answers; NULL: none. Borrowed */
    uint64_t n_attempts;   /* whose times count: at least ok->n */
    uint64_t n_good;       /* good answers that the rate counts */
};

/* The interval of a percentile of all the run's attempts from its n whole seconds in order; those without
 * attempts are left out. */
struct run_interval run_interval_of_percentile(const struct attempts *all, const struct run_second *seconds,
                                               size_t n, uint32_t p_ppm);
/* The interval of the rate `per_s` from the good answers of n whole seconds, each `step_s` long. */
struct run_interval run_interval_of_rate(double per_s, const struct run_second *seconds, size_t n,
                                         double step_s);

/* B's value to A's, both independent and on the logarithms (G. Zou, A. Donner, Statistics in Medicine 27,
 * 2008). INFINITY or 0 when the percentile of B or A alone lies among failures. */
struct run_interval run_interval_ratio(const struct run_interval *b, const struct run_interval *a);

/* What one run can claim of a ratio: 1 (higher) or -1 (lower) if its interval excludes 1 and the ratio lies
 * beyond the margin (.05: outside 1/1.05 to 1.05), else 0: this run does not tell them apart. */
int run_interval_direction(const struct run_interval *ratio, double margin);

/* "20.1 to 22.3", "20.1 or more", "20.1 to none" (failures), in multiples of `unit`, or `why` if there is no
 * interval. Returns `out`, which has RUN_INTERVAL_WHY_BYTES. */
const char *run_interval_text(const struct run_interval *interval, double unit, char *out);

/* The ranks of both ends among n attempts for the half width `h` of the share; `high` is 0 when open. For
 * tests. */
struct run_ranks {
    uint64_t low, high;
};
struct run_ranks run_interval_ranks(uint64_t n, uint32_t p_ppm, double h);

#endif
