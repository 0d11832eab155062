/* Judges thresholds on what was measured in their scope. `run` and `analysis` both judge here, one from
 * memory, one from files. Percentiles and errors are of all attempts (attempts.h), rates of good answers that
 * came in the measured time; mean and max are of good answers alone. */
#ifndef BASE_THRESHOLD_JUDGE_H
#define BASE_THRESHOLD_JUDGE_H

#include "attempts.h"
#include "threshold.h"

/* The scope's streams together, without warm-up. */
struct threshold_measured {
    struct attempts attempts; /* in each stream's headline metric */
    uint64_t sum_ns, max_ns;  /* of the good answers, exact */
    uint64_t n_in_time;       /* good answers that count in the rate, */
    uint64_t active_ns;       /* and the time it is divided by */
};

/* A percentile is held or missed only if it would be so however the attempts that were cut off had ended. A
 * threshold with nothing to judge is missed. The result borrows the threshold's texts. */
struct threshold_result threshold_judge(const struct threshold *t, const struct threshold_measured *m);

/* Undecided, without a value: of a run that has not ended, or of a share, whose numbers are only a part of
 * what is judged. */
struct threshold_result threshold_not_judged(const struct threshold *t);

#endif
