/* Pairs of runs as numbers, and the decision on them. */
#ifndef MADE_PAIRS_H
#define MADE_PAIRS_H

#include "cm.h"

#include "close.h"

#include "decide.h"
#include "err.h"

#include <math.h>

enum { N_PAIRS = 8 };
static const double m4_ms[N_PAIRS] = { 41.2, 39.8, 42.5, 40.9, 43.1, 41.7, 40.3, 42.0 };
static const double t2_ms[N_PAIRS] = { 47.9, 45.1, 50.2, 46.0, 49.5, 49.9, 45.8, 47.3 };

static inline struct decide_run run_of(double value)
{
    return (struct decide_run){ .time = { .state = ATTEMPT_EXACT, .value = value },
                                .less_generator = NAN,
                                .failed = 0 };
}

/* Pairs whose ratio is that, A taking 100. */
static inline void fill_ratios(struct decide_pair *pairs, const double *ratios, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pairs[i] =
            (struct decide_pair){ .b_first = i % 2 == 1, .a = run_of(100), .b = run_of(100 * ratios[i]) };
}

static inline void fill(struct decide_pair *pairs, const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct decide_pair){ .b_first = i % 2 == 1, .a = run_of(a[i]), .b = run_of(b[i]) };
}

static inline struct decide_result decide(const struct decide_pair *pairs, size_t n,
                                          const struct decide_pair *controls, size_t n_controls)
{
    struct decide_question q = decide_defaults;
    struct decide_result r;
    struct err e;
    q.p_ppm = 990000;
    q.pairs = pairs;
    q.n_pairs = n;
    q.controls = controls;
    q.n_controls = n_controls;
    assert_int_equal(decide_metric(&q, &r, &e), 0);
    return r;
}

/* Pairs whose log ratios are alternately mean + spread and mean - spread. */
static inline struct decide_result decide_spread(double mean, double spread, size_t n)
{
    double a[64], b[64];
    struct decide_pair pairs[64];
    for (size_t i = 0; i < n; i++) {
        a[i] = 100;
        b[i] = 100 * exp(mean + (i / 2 % 2 == 0 ? spread : -spread));
    }
    fill(pairs, a, b, n);
    return decide(pairs, n, NULL, 0);
}

#endif
