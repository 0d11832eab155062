/* Judges a threshold from the files of a run folder by the rules of `loadgen run`: without warm-up, on
 * times and rates of ok answers; without any, nothing holds. */
#ifndef THRESHOLD_JUDGE_H
#define THRESHOLD_JUDGE_H

#include <stdbool.h>

struct dataset;
struct err;
struct threshold;

struct threshold_judged {
    bool is_known; /* false: there was nothing to judge */
    bool is_held;
    double value; /* in threshold_unit() */
};

/* -1 when a tag is broken or out of memory. */
int threshold_judge(const struct dataset *data, const struct threshold *t, struct threshold_judged *out,
                    struct err *e);

#endif
