/* How long a campaign takes: from its plan before the first run, from the runs that were made after that. */
#ifndef COMMAND_CAMPAIGN_TIME_H
#define COMMAND_CAMPAIGN_TIME_H

#include "plan.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct campaign;

struct campaign_time {
    struct plan_length arms[2]; /* of one run of either arm; side by side, of the run of both in both */
    uint64_t gap_ns;            /* between two runs */
    size_t n_runs, n_done;
    uint64_t made_ns; /* of the runs that were made now, from one start to the next */
    size_t n_made;
};

/* How many runs the campaign has. */
size_t campaign_time_runs(const struct campaign *c);
/* What the plan says all runs and gaps take together, those that are made already too. */
uint64_t campaign_time_planned_ns(const struct campaign_time *t, const struct campaign *c);
/* What is left by the mean of the runs made now; 0 when none was. */
uint64_t campaign_time_left_ns(const struct campaign_time *t);

/* A line such as "20 runs, 2.00 s between two: about 22 min 18 s", or how little of it is known. */
void campaign_time_print(FILE *out, const struct campaign_time *t, const struct campaign *c);

#endif
