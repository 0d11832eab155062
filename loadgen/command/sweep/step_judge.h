/* How a step of a sweep ended, from the run.json and intervals.csv of its run. An invalid claim
 * describes loadgen rather than the target: then the step's result is SWEEP_GENERATOR. What loadgen adds only
 * lengthens times, so a threshold that was met stays met. */
#ifndef COMMAND_STEP_JUDGE_H
#define COMMAND_STEP_JUDGE_H

#include "claims.h"
#include "sweep_result.h"

#include <stdbool.h>
#include <stdint.h>

struct err;

struct step_judged {
    enum sweep_result result;
    bool is_held;      /* every threshold was met */
    double rate_per_s; /* good answers within the step's time, per second; 0 without any */
    uint64_t n_ok;     /* good answers, those after the step's time too */
    uint64_t n_failed; /* attempts */
    uint64_t n_censored;
    enum claim_level levels[N_CLAIMS]; /* of the cluster's numbers */
};

/* Judges the run in `folder`, in which only `cluster` was measured. */
int step_judge(struct step_judged *out, const char *folder, const char *cluster, struct err *e);

#endif
