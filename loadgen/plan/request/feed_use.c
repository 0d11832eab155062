#include "feed_use.h"

#include "err.h"
#include "feed_row.h"

/* Walks through `requests`. */
static uint64_t n_walks(const struct plan_stream *stream, uint64_t n)
{
    const uint64_t n_requests = stream->n_requests;
    return stream->mix == PLAN_MIX_SEQUENCE && n_requests > 1 ? n / n_requests + (n % n_requests > 0) : n;
}

/* UINT64_MAX: not known. */
static uint64_t n_taken(const struct plan_stream *stream, const struct plan_feed *feed)
{
    if (feed->take == PLAN_TAKE_USER && stream->model == PLAN_CLOSED)
        return stream->n_users;
    const uint64_t n = plan_first_number(stream, stream->n_phases);
    return n == UINT64_MAX || stream->session ? n : n_walks(stream, n);
}

struct feed_use feed_use_of(const struct plan_stream *stream, const struct plan_feed *feed)
{
    const uint64_t n = n_taken(stream, feed);
    const bool is_known = n != UINT64_MAX;
    const bool has_end = feed_end(feed) != UINT64_MAX;
    return (struct feed_use){
        .is_known = is_known,
        .n = is_known ? n : 0,
        .is_shared = feed->order == PLAN_RANDOM || feed->order == PLAN_LEND ||
                     (!has_end && (!is_known || n > feed->n_rows)),
    };
}

int feed_use_check_lent(const struct plan *plan, struct err *e)
{
    const uint32_t n_shares = share_count(&plan->share);
    for (size_t i = 0; i < plan->n_feeds; i++) {
        const struct plan_feed *feed = plan->feeds[i];
        if (feed->order == PLAN_LEND && feed->n_rows < (size_t)n_shares * plan->n_threads)
            return err_set(
                e, ERR_INPUT,
                "%s has %zu rows to lend, and each of the %u threads of %u generators needs one of its "
                "own",
                feed->file, feed->n_rows, plan->n_threads, n_shares);
    }
    return 0;
}
