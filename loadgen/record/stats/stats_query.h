/* Queries on the statistics of a second or the run: counts and merged histograms of some streams, or of one
 * row of a stream, with or without warm-up. */
#ifndef RECORD_STATS_QUERY_H
#define RECORD_STATS_QUERY_H

#include "attempts.h"
#include "plan.h"
#include "stats.h"

/* Which part to query. */
struct stats_scope {
    const struct plan *plan;
    uint64_t streams; /* bit i: stream i */
    const struct plan_row
        *row; /* of the only stream; NULL: all rows of requests, that is, all but `session` */
    bool with_warmup;
};

_Static_assert(PLAN_STREAMS_MOST <= 64, "streams fit into a bit set");

/* A stream's headline metric: response time where requests have a due time, else service time. */
enum metric stats_headline(const struct plan_stream *stream);
/* The same for a row: `session` has the busy time. */
enum metric stats_row_headline(const struct plan_stream *stream, size_t row);
#define STATS_HEADLINE N_METRICS /* as a metric: each row's own headline */

/* What a threshold's scope names, without warm-up: "" all streams, a cluster's, one stream, or a step of it.
 */
struct stats_scope stats_scope_named(const struct plan *plan, const char *name);

/* Attempts are n_done + n_censored; reset_idle does not end a request and is none. */
struct stats_counts {
    uint64_t n_outcomes[N_OUTCOMES];
    uint64_t n_ok;
    uint64_t n_err;      /* every class of failure; neither censored nor reset_idle */
    uint64_t n_done;     /* n_ok + n_err */
    uint64_t n_censored; /* cut off by the end of the run */
    uint64_t n_late;     /* ok, but answered too late to count in a rate */
};

void stats_count(const struct stats *stats, const struct stats_scope *scope, struct stats_counts *counts);
/* The same for one phase of one stream. */
void stats_count_phase(const struct stats *stats, const struct plan_stream *stream, size_t phase,
                       struct stats_counts *counts);
/* The same for one cell, by its index in the whole plan. */
void stats_count_cell(const struct stats *stats, size_t cell, struct stats_counts *counts);

/* How many of a stream's ok responses are in no instance's histogram. */
uint64_t stats_in_no_instance(const struct stats *stats, const struct plan *plan, size_t stream);

/* All values of a metric in the scope, of every outcome but reset_idle: a histogram of `stats` if a single
 * one holds them, else merged into `scratch`, which is cleared first. Borrowed. */
const struct hist *stats_values(const struct stats *stats, const struct stats_scope *scope,
                                enum metric metric, struct hist *scratch);

/* The attempts that ended in the scope, by the headline of each stream. The histograms are those of `stats`
 * or one of the two in `scratch`, which are cleared first. Borrowed. */
struct attempts stats_attempts(const struct stats *stats, const struct stats_scope *scope,
                               struct hist *const scratch[2]);

/* By how many values a stream's histograms differ from its counts of outcomes, cell by cell, and metrics
 * recorded in pairs from each other. 0: nothing is missing. */
uint64_t stats_missing(const struct stats *stats, const struct plan *plan, size_t stream);

#endif
