/* A campaign in progress: makes the runs that are still missing, pair after pair. */
#ifndef COMMAND_CAMPAIGN_COURSE_H
#define COMMAND_CAMPAIGN_COURSE_H

#include "bill.h"
#include "campaign_time.h"

#include <stddef.h>

struct campaign;
struct campaign_options;
struct err;

/* The caller sets all but `time` and `bill`. */
struct campaign_course {
    struct campaign *c;
    const struct campaign_options *o;
    const char *folder; /* "": not made yet */
    struct campaign_time time;
    struct bill bill;
    uint64_t n_connections[2]; /* of each arm's streams */
};

/* Fills `time`: how long the planned runs take, and how many exist already; `bill` and `n_connections`. -1
 * also when the instances of the deployment end before the campaign does. */
int campaign_course_init(struct campaign_course *x, struct err *e);
/* Makes the missing runs of the pairs from index `from` on. EXIT_CODE_DONE, EXIT_CODE_INTERRUPTED, or -1. */
int campaign_course_make(struct campaign_course *x, size_t from, struct err *e);
/* Adds pairs, an AB and a BA at a time, until the interval of the primary metric is as narrow as asked for,
 * or the number of pairs or the time is used up. `start_ns` is when the campaign began or was resumed, on the
 * monotonic clock. Returns as campaign_course_make. */
int campaign_course_narrow(struct campaign_course *x, uint64_t start_ns, struct err *e);
/* How many runs have a number that is loadgen's own doing. */
int campaign_course_count_invalid(const struct campaign_course *x, size_t *n, struct err *e);

#endif
