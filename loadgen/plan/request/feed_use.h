/* How much of a feed a stream uses, as far as that is known before the run. */
#ifndef PLAN_FEED_USE_H
#define PLAN_FEED_USE_H

#include "plan.h"

struct err;

struct feed_use {
    bool is_known;  /* else time ends a phase, or arrivals are random */
    uint64_t n;     /* users or passes that take a row, by the feed's `take` */
    bool is_shared; /* some row is, or may be, taken by more than one of them */
};

/* Whether each thread has a row of every feed that lends: it lends its own only, and would wait for ever. -1
 * with a sentence. The plan's share is set. */
int feed_use_check_lent(const struct plan *plan, struct err *e);

struct feed_use feed_use_of(const struct plan_stream *stream, const struct plan_feed *feed);

#endif
