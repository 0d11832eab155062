/* The statistics of one thread in one interval of about a second. The worker writes them on the hot path
 * without locks, passes them to the collector through its mailbox at the end of each second, and continues in
 * a second set; the collector merges, writes and clears them and gives them back.
 *
 * Memory follows use: a histogram is taken from a list of spare ones with its first value, and returned to it
 * after an interval without values, when its phase is over or its instance silent. Values that find no memory
 * are counted as lost, and the run fails. */
#ifndef RECORD_STATS_H
#define RECORD_STATS_H

#include "again.h"
#include "hist.h"
#include "http2_counts.h"
#include "metric.h"
#include "outcome.h"
#include "status_counts.h"
#include "tags.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan;

enum {
    STATS_CAUSES_MOST = 64, /* distinct (cell, outcome, cause, status) per interval; more have no cause */
    STATS_INSTANCES_MOST = TAGS_INSTANCES_MOST, /* per thread; responses of more count for no instance */
    STATS_REMOTES_MOST = 256,
    STATS_SYS_SAMPLES_MOST = 1000,
    STATS_SLOW_SAMPLES_MOST = 10,
    STATS_ERR_SAMPLES_MOST = 100,
};

struct stats;

/* The histograms of one cell and one outcome. */
struct stats_times {
    struct stats *stats;             /* it belongs to */
    struct hist *metrics[N_METRICS]; /* NULL unless used */
    struct hist **instances;         /* headline metric by instance number; each NULL unless used */
    uint32_t n_instances;            /* capacity of `instances` */
};

struct stats_bytes {
    uint64_t rx, tx;
};

/* What a session stream counts beside its cells. */
struct stats_sessions {
    uint64_t n_due;             /* passes that were to begin; open: arrivals */
    uint64_t n_begun;           /* passes that began */
    uint64_t n_late_paces;      /* passes that took longer than `pace` */
    uint64_t n_renewed;         /* runs of `begin` for `renew` */
    uint64_t n_pool_full;       /* answers that failed because the pool of bodies was full */
    uint64_t n_cookies_dropped; /* of other domains, or beyond a limit */
};

struct stats_stream {
    uint64_t n_intended;     /* requests due in this interval; closed plain streams: 0 */
    uint64_t n_backlog_most; /* open: most requests due and unsent at once; threads add up */
    uint64_t n_sent;
    struct again_counts again; /* requests that were sent once more; not in n_sent */
    uint64_t n_large; /* requests that one write, or answers that the receive buffer, may not have held */
    uint64_t n_conn_new;
    struct stats_bytes bytes[2];   /* outside warm-up; in it */
    struct status_counts statuses; /* of complete answers outside warm-up */
    uint64_t n_inflight;           /* at the end of the interval: sent or waiting for a connection */
    struct stats_sessions sessions;
    struct http2_counts http2; /* all 0 over HTTP/1.1 */
};

/* One row of one stream in one phase, by its index in the whole plan (plan_cell). */
struct stats_cell {
    uint64_t n_outcomes[N_OUTCOMES]; /* counted when they end; RESET_IDLE does not end a request */
    uint64_t n_late;                 /* of the ok ones: answered after the measured time was over (shard.h) */
    struct stats_times *times[N_OUTCOMES]; /* NULL unless used */
};

/* An error by cause. `cause` is a constant string or one that the plan owns. */
struct stats_cause {
    uint32_t stream;
    uint32_t cell; /* index in the whole plan */
    enum outcome outcome;
    uint16_t status; /* 0: none */
    const char *cause;
    uint64_t count;
};

/* One stream at one remote address. */
struct stats_remote {
    uint64_t n_connections;
    uint64_t n_done;
    uint64_t n_err;
    uint64_t rtt_ns;      /* the shortest round trip of a new connection; 0 unknown */
    struct hist *service; /* NULL unless used */
};

/* One request in full. Times are monotonic ns; 0 = did not happen. */
struct stats_sample {
    uint64_t seq; /* number within the stream, from 0; of a session's step: that of the pass */
    uint64_t due_ns, sent_ns, first_ns, done_ns;
    uint64_t lag_ns, conn_wait_ns, rx_age_ns;
    uint32_t stream;
    uint32_t phase; /* within the stream */
    uint32_t conn;  /* connection number within the run */
    uint32_t req_on_conn;
    uint32_t instance; /* thread's number + 1; 0 unknown */
    uint32_t remote;   /* thread's number */
    uint16_t status;
    uint8_t outcome;
    uint8_t row; /* of the stream */
};

struct stats_samples {
    struct stats_sample *rows; /* owned; room for `most` */
    uint32_t n, most;          /* the generators of a run keep as many in all as one alone */
};

/* The health of the thread during the interval. */
struct stats_health {
    uint64_t n_wakeups; /* returns from the kernel's poll */
    uint64_t n_sends;
    uint64_t busy_ns;                 /* time outside the poll */
    uint64_t overslept_ns;            /* time in the poll beyond its longest wait: kept from running */
    uint64_t iteration_max_ns;        /* longest single stretch outside the poll */
    uint64_t cpu_user_ns, cpu_sys_ns; /* of the thread, in the interval */
    uint64_t n_switches_involuntary;
    struct hist *sends_per_wakeup; /* counts, not ns; of wakeups that sent on schedule; never NULL */
};

struct stats {
    uint64_t start_ns, end_ns; /* monotonic */
    bool is_last;              /* no more will come from this thread */
    uint32_t n_streams;
    uint32_t n_cells; /* of the plan */
    struct stats_stream *streams;
    struct stats_cell *cells;
    struct stats_cause causes[STATS_CAUSES_MOST];
    uint32_t n_causes;
    struct stats_remote *remotes[STATS_REMOTES_MOST]; /* [n_streams] each; NULL unless used */
    uint32_t n_remotes;                  /* numbers that the thread has used so far; the worker sets it */
    uint64_t n_lost;                     /* values that found no memory, at least */
    struct hist *spare;                  /* empty ones, linked by `next` */
    struct stats_samples sys, slow, err; /* slow: unordered, the slowest of the interval */
    uint32_t sys_every;                  /* every n-th request went to `sys` */
    struct stats_health health;
};

/* Returns empty statistics for the plan, to be freed by the caller; NULL when memory is short. */
struct stats *stats_new(const struct plan *plan);
void stats_free(struct stats *stats);
/* Clears them for the next interval; the cost follows what was used. */
void stats_clear(struct stats *stats);

/* Counts the end of a request, or of a pass. */
static inline void stats_count_outcome(struct stats *stats, uint32_t cell, enum outcome outcome)
{
    stats->cells[cell].n_outcomes[outcome]++;
}
/* Counts a good answer among the late ones as well. */
static inline void stats_count_late(struct stats *stats, uint32_t cell)
{
    stats->cells[cell].n_late++;
}

/* These create what they return on first use; NULL when memory is short. */
/* The histograms of a cell and an outcome, in their slot, which is empty. */
struct stats_times *stats_make_times(struct stats *stats, struct stats_times **slot);
/* The same, by the cell's index in the whole plan. */
static inline struct stats_times *stats_times(struct stats *stats, uint32_t cell, enum outcome outcome)
{
    struct stats_times **slot = &stats->cells[cell].times[outcome];
    return *slot ? *slot : stats_make_times(stats, slot);
}
/* The histogram in the slot. */
struct hist *stats_make_hist(struct stats *stats, struct hist **slot);
/* The slot of an instance, by the thread's number for it, which must be below STATS_INSTANCES_MOST. */
struct hist **stats_make_instance(struct stats_times *times, uint32_t instance);
/* The rows of a remote address, [n_streams], by the thread's number for it. */
struct stats_remote *stats_make_remote(struct stats *stats, uint32_t remote);

/* The hot path. A value that finds no memory is counted in `n_lost`. */
static inline void stats_hist_add(struct stats *stats, struct hist **slot, uint64_t value)
{
    struct hist *h = *slot ? *slot : stats_make_hist(stats, slot);
    if (h)
        hist_add(h, value);
}
static inline void stats_times_add(struct stats_times *times, enum metric metric, uint64_t value_ns)
{
    if (times)
        stats_hist_add(times->stats, &times->metrics[metric], value_ns);
}
static inline void stats_times_add_instance(struct stats_times *times, uint32_t instance, uint64_t value_ns)
{
    if (!times)
        return;
    struct hist **slot =
        instance < times->n_instances ? &times->instances[instance] : stats_make_instance(times, instance);
    if (slot)
        stats_hist_add(times->stats, slot, value_ns);
}
/* The row of a stream and a remote address, by the thread's number for it, which must be below
 * STATS_REMOTES_MOST; NULL when memory is short. */
static inline struct stats_remote *stats_remote(struct stats *stats, uint32_t stream, uint32_t remote)
{
    struct stats_remote *rows =
        stats->remotes[remote] ? stats->remotes[remote] : stats_make_remote(stats, remote);
    return rows ? &rows[stream] : NULL;
}
/* The shorter of two times of which 0 means unknown. */
static inline uint64_t stats_shorter_ns(uint64_t a_ns, uint64_t b_ns)
{
    return a_ns == 0 || (b_ns > 0 && b_ns < a_ns) ? b_ns : a_ns;
}
static inline void stats_remote_add(struct stats *stats, struct stats_remote *remote, uint64_t service_ns)
{
    stats_hist_add(stats, &remote->service, service_ns);
}
/* The same without creating it; all zero when there is none. */
struct stats_remote stats_remote_known(const struct stats *stats, uint32_t stream, uint32_t remote);

/* Counts an error's cause, a constant string or one that the plan owns; stats_count_outcome counts the
 * outcome itself. */
void stats_count_cause(struct stats *stats, uint32_t stream, uint32_t cell, enum outcome outcome,
                       uint16_t status, const char *cause);
/* The same for `cause->count` errors. */
void stats_add_cause(struct stats *stats, const struct stats_cause *cause);

#endif
