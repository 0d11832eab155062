/* The scenario's thresholds: held or missed, over the run or in one second. Times and rates are those of ok
 * responses. */
#ifndef RECORD_THRESHOLDS_H
#define RECORD_THRESHOLDS_H

#include "verdict.h"

#include <stdint.h>

struct stats;
struct err;
struct hist;

/* What thresholds are judged on: the run, or one second of it. Warm-up does not count. */
struct threshold_data {
    const struct plan *plan;
    const struct phase_clock *phases;
    const struct stats *stats;
    uint64_t end_ns;    /* of the run */
    uint64_t second_ns; /* length of the second; 0: `stats` is the run */
    uint64_t measuring; /* bit i: stream i sent throughout the second, so that its rate counts */
    struct hist *scratch;
};

/* Judges one. Without an ok response a time is NAN, and the threshold not held. */
struct threshold_result thresholds_judge_one(const struct threshold *t, const struct threshold_data *data);
/* Judges all of the plan's and puts them into `verdict`. -1 when memory is short. */
int thresholds_judge(const struct threshold_data *data, struct verdict *verdict, struct err *e);
/* True if a threshold with `abort` was missed in the second. */
bool thresholds_abort(const struct threshold_data *data);

#endif
