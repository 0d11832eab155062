/* A comparison of pairs of runs, given as numbers. */
#ifndef MADE_COMPARISON_H
#define MADE_COMPARISON_H

#include "cm.h"

#include "made_run.h"
#include "made_text.h"

#include "comparison.h"

#include <math.h>
#include <stdio.h>

#define RUNS_MOST 12

static struct comparison_pair pairs[RUNS_MOST];
static struct comparison c;

static inline struct sample sample(const char *label, double scale)
{
    struct sample s = {
        .attempts_n = 1000, .ok_n = 1000, .n_instances = 2, .headline = METRIC_RESPONSE, .style = 1
    };
    static const double values[N_SAMPLE_VALUES] = { 1e6, 2e6, 4e6, 8e6, 500, .9e6, 3e6, 1.1e6, 5e6 };
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        s.value[i] = i == SAMPLE_RATE ? values[i] / scale : values[i] * scale;
    snprintf(s.cluster, sizeof s.cluster, "cluster-%s", label);
    snprintf(s.label, sizeof s.label, "%s", label);
    snprintf(s.series, sizeof s.series, "%s (cluster-%s)", label, label);
    snprintf(s.run_id, sizeof s.run_id, "run-%s", label);
    snprintf(s.load, sizeof s.load, "closed, 2 users: 1 000 requests");
    return s;
}

/* Pairs of m4 and t2, followed by control pairs; the test sets what was decided. */
static inline void compare(size_t n_pairs, size_t n_controls)
{
    c = (struct comparison){ .pairs = pairs,
                             .n_pairs = n_pairs,
                             .n_controls = n_controls,
                             .primary = SAMPLE_P99,
                             .margin = 0.05,
                             .confidence = 0.95,
                             .ks.distance = NAN };
    for (size_t i = 0; i < n_pairs + n_controls; i++) {
        pairs[i] = (struct comparison_pair){
            .number = (unsigned)i + 1, .is_control = i >= n_pairs, .order = "AB", .a = sample("m4", 1)
        };
        pairs[i].b = pairs[i].is_control ? sample("m4", 1) : sample("t2", 2);
    }
    for (int i = 0; i < N_SAMPLE_VALUES; i++) {
        c.within[i] =
            (struct run_interval){ .value = NAN, .lo = NAN, .hi = NAN, .why = "3 seconds carry no interval" };
        c.results[i] = (struct decide_result){ .n_pairs = n_pairs,
                                               .typical_a.value = pairs[0].a.value[i],
                                               .typical_b.value = pairs[0].b.value[i],
                                               .ratio = { 2, 1.8, 2.25 },
                                               .difference = { 1e6, NAN, NAN },
                                               .ratio_rank = { NAN, NAN, NAN },
                                               .equivalence = { NAN, NAN, NAN },
                                               .sd_log = NAN,
                                               .lag1 = NAN,
                                               .p_rank = NAN,
                                               .p_equivalence = NAN,
                                               .detectable_ratio = NAN,
                                               .a12 = 0.75,
                                               .p = 0.0012,
                                               .p_holm = 0.0024,
                                               .order.p = NAN,
                                               .outcome = DECIDE_HIGHER };
    }
}

#endif
