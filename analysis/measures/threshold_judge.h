/* Whether a threshold holds in a run folder, judged from its files by the rules of `loadgen run`: warm-up
 * does not count, times and rates are those of ok answers, and without any nothing holds. */
#ifndef THRESHOLD_JUDGE_H
#define THRESHOLD_JUDGE_H

#include <stdbool.h>

struct dataset;
struct err;
struct threshold;

struct threshold_judged {
    bool is_known; /* there was something to judge */
    bool is_held;
    double value; /* in threshold_unit() */
};

/* Counts of errors are those of seconds that are not warm-up. -1 and a sentence when intervals.csv cannot be
 * read. */
int threshold_judge(const struct dataset *data, const struct threshold *t, struct threshold_judged *out,
                    struct err *e);

#endif
