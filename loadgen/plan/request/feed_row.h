/* Which row of a feed belongs to a number: a pass's, a user's, that of a walk through `requests`. It follows
 * from the plan's seed, the stream, the feed and the number alone, so that threads and generators need not
 * talk. Feeds that lend rows have no such rule; see engine/session/lend.h. */
#ifndef PLAN_FEED_ROW_H
#define PLAN_FEED_ROW_H

#include "plan.h"

/* The row of number n, below n_rows. */
size_t feed_row(const struct plan *plan, const struct plan_stream *stream, const struct plan_feed *feed,
                uint64_t n);
/* The first number that the feed has no row for; UINT64_MAX: it has one for each. */
static inline uint64_t feed_end(const struct plan_feed *feed)
{
    return feed->at_end == PLAN_REPEAT || feed->order == PLAN_RANDOM || feed->order == PLAN_LEND
               ? UINT64_MAX
               : feed->n_rows;
}

#endif
