/* How long a campaign takes: estimated from its plan before the first run, and from the runs made so far
 * after that. */
#ifndef COMMAND_CAMPAIGN_TIME_H
#define COMMAND_CAMPAIGN_TIME_H

#include "plan.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct campaign;

struct campaign_time {
    struct plan_length lengths[2][2]; /* of a run: [campaign_kind][is of role b]; side by side only [..][0] */
    uint64_t gap_ns;                  /* between two runs */
    size_t n_runs, n_done;
    uint64_t made_ns; /* of the runs made by this process, from one start to the next */
    size_t n_made;
};

/* How many runs the campaign has. */
size_t campaign_time_runs(const struct campaign *c);
/* What all runs and gaps take together by the plan, including those already made. */
uint64_t campaign_time_planned_ns(const struct campaign_time *t, const struct campaign *c);
/* What the missing runs and gaps take by the plan. */
struct plan_length campaign_time_ahead(const struct campaign_time *t, const struct campaign *c);
/* What is left, by the mean of the runs made by this process; 0 when there is none. */
uint64_t campaign_time_left_ns(const struct campaign_time *t);

/* A line such as "24 runs with a gap of 2.00 s, about 26 min 46 s", or how much of it is known. */
void campaign_time_print(FILE *out, const struct campaign_time *t, const struct campaign *c);

#endif
