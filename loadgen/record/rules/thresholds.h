/* The scenario's thresholds over the run, or over what it has measured so far. */
#ifndef RECORD_THRESHOLDS_H
#define RECORD_THRESHOLDS_H

#include "verdict.h"

#include <stdint.h>

struct stats;
struct err;
struct hist;

/* What thresholds are judged on. Warm-up does not count. */
struct threshold_data {
    const struct plan *plan;
    const struct phase_clock *phases;
    const struct stats *stats;   /* the run's */
    uint64_t end_ns;             /* of the run, or of the last second in `stats` */
    struct hist *const *scratch; /* two */
};

/* Judges one. */
struct threshold_result thresholds_judge_one(const struct threshold *t, const struct threshold_data *data);
/* Judges all of the plan's and puts them into `verdict`. -1 when memory is short. */
int thresholds_judge(const struct threshold_data *data, struct verdict *verdict, struct err *e);
/* Puts all of them into `verdict` unjudged. -1 when memory is short. */
int thresholds_leave_open(const struct plan *plan, struct verdict *verdict, struct err *e);
/* True if it is missed by what was measured so far: not before there is something to judge, a rate from the
 * first full second on. */
bool thresholds_is_missed(const struct threshold *t, const struct threshold_data *data);
/* True if any with `abort` is. */
bool thresholds_abort(const struct threshold_data *data);

#endif
