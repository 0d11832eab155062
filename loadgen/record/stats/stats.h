/* The stats: all that one thread counted in one interval of about a second. A worker owns one stats and
 * writes it on the hot path without locks; at the second's edge it hands the stats over through its mailbox
 * and goes on in the other one; the collector merges, writes and clears it and gives it back.
 *
 * Memory follows what is in use: a histogram comes into being with its first value, off a list of spare ones,
 * and goes back to that list when an interval brought it none, because its phase is over or its instance was
 * not heard of. A stats never holds more than the busiest interval needed. What finds no memory is counted as
 * lost, and the run fails. */
#ifndef RECORD_STATS_H
#define RECORD_STATS_H

#include "hist.h"
#include "metric.h"
#include "outcome.h"
#include "tags.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan;

enum {
    STATS_CAUSES_MOST =
        64, /* distinct (stream, outcome, cause, status) per interval; what more there is has no cause */
    STATS_INSTANCES_MOST =
        TAGS_INSTANCES_MOST, /* distinct instance ids per thread; answers of more are in no instance */
    STATS_REMOTES_MOST = 256,
    STATS_SYS_SAMPLES_MOST = 1000,
    STATS_SLOW_SAMPLES_MOST = 10,
    STATS_ERR_SAMPLES_MOST = 100,
};

struct stats;

/* The histograms of one phase of one stream and one outcome. */
struct stats_cell {
    struct stats *stats;             /* whose it is */
    struct hist *metrics[N_METRICS]; /* NULL unless used */
    struct hist **instances;         /* headline metric by instance number; NULL unless used */
    uint32_t n_instances;            /* capacity of `instances` */
};

struct stats_stream {
    uint64_t n_intended;     /* open: due in this interval */
    uint64_t n_backlog_most; /* open: most requests that were due and not sent; a sum over threads */
    uint64_t n_sent;
    uint64_t n_conn_new;
    uint64_t bytes_rx, bytes_tx;
    uint64_t n_inflight; /* at the end of the interval: sent or waiting for a connection, not done */
};

/* One phase of one stream, by its index in the whole plan. */
struct stats_phase {
    uint64_t n_outcomes[N_OUTCOMES];      /* by the interval of their end; done = all but RESET_IDLE */
    struct stats_cell *cells[N_OUTCOMES]; /* NULL unless used */
};

/* An error by cause. `cause` is a constant string. */
struct stats_cause {
    uint32_t stream;
    enum outcome outcome;
    uint16_t status; /* 0: none */
    const char *cause;
    uint64_t count;
};

/* Per stream and remote address. */
struct stats_remote {
    uint64_t n_connections;
    uint64_t n_done;
    uint64_t n_err;
    struct hist *service; /* NULL unless used */
};

/* One request in full. Times are monotonic ns; 0 = did not happen. */
struct stats_sample {
    uint64_t seq; /* number within the stream, from 0 */
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
};

struct stats_samples {
    struct stats_sample *rows; /* fixed capacity */
    uint32_t n;
};

/* The generator's own condition during the interval. */
struct stats_health {
    uint64_t n_wakeups; /* returns from the kernel's poll */
    uint64_t n_sends;
    uint64_t busy_ns;                 /* time outside the poll */
    uint64_t iteration_max_ns;        /* longest single stretch outside the poll */
    uint64_t cpu_user_ns, cpu_sys_ns; /* of the thread, in the interval */
    uint64_t n_switches_involuntary;
    struct hist *sends_per_wakeup; /* counts, not ns; wakeups with at least one scheduled send; never NULL */
};

struct stats {
    uint64_t start_ns, end_ns; /* monotonic */
    bool is_last;              /* the thread has nothing more to tell */
    uint32_t n_streams;
    uint32_t n_phases; /* of the plan */
    struct stats_stream *streams;
    struct stats_phase *phases;
    struct stats_cause causes[STATS_CAUSES_MOST];
    uint32_t n_causes;
    struct stats_remote
        *remotes[STATS_REMOTES_MOST]; /* [n_streams] each; NULL unless used; see stats_remote */
    uint32_t n_remotes; /* numbers used so far by the thread; set by the owner before he hands over */
    uint64_t n_lost;    /* values that found no memory, at least */
    struct hist *spare; /* empty ones, by their `next` */
    struct stats_samples sys, slow, err; /* slow: unordered, the slowest of the interval */
    uint32_t sys_every;                  /* one in so many went to `sys` */
    struct stats_health health;
};

/* Returns an owned empty stats for the plan, or NULL when memory is short. */
struct stats *stats_new(const struct plan *plan);
void stats_free(struct stats *b);
/* Empties it for the next interval; costs only what was used. */
void stats_clear(struct stats *b);

/* Counts the end of a request. */
static inline void stats_count_outcome(struct stats *b, uint32_t phase_index, enum outcome outcome)
{
    b->phases[phase_index].n_outcomes[outcome]++;
}

/* The cell of a plan-wide phase index and outcome; made on first use, NULL when memory is short. */
struct stats_cell *stats_cell(struct stats *b, uint32_t phase_index, enum outcome outcome);
/* The histogram in the slot; made on first use, NULL when memory is short. */
struct hist *stats_make_hist(struct stats *b, struct hist **slot);
/* The slot of an instance by the thread's number for it, which must be below STATS_INSTANCES_MOST; NULL when
 * memory is short. */
struct hist **stats_make_instance(struct stats_cell *cell, uint32_t instance);
/* The rows of a remote address, [n_streams]; made on first use, NULL when memory is short. */
struct stats_remote *stats_make_remote(struct stats *b, uint32_t remote);

/* The hot path. Out of memory loses the value, which is counted in `n_lost`. */
static inline void stats_hist_add(struct stats *b, struct hist **slot, uint64_t value)
{
    struct hist *h = *slot ? *slot : stats_make_hist(b, slot);
    if (h)
        hist_add(h, value);
}
static inline void stats_cell_add(struct stats_cell *cell, enum metric metric, uint64_t value_ns)
{
    if (cell)
        stats_hist_add(cell->stats, &cell->metrics[metric], value_ns);
}
static inline void stats_cell_add_instance(struct stats_cell *cell, uint32_t instance, uint64_t value_ns)
{
    if (!cell)
        return;
    struct hist **slot =
        instance < cell->n_instances ? &cell->instances[instance] : stats_make_instance(cell, instance);
    if (slot)
        stats_hist_add(cell->stats, slot, value_ns);
}
/* The row of a remote address by the thread's number for it, which must be below STATS_REMOTES_MOST; NULL
 * when memory is short. */
static inline struct stats_remote *stats_remote(struct stats *b, uint32_t stream, uint32_t remote)
{
    struct stats_remote *rows = b->remotes[remote] ? b->remotes[remote] : stats_make_remote(b, remote);
    return rows ? &rows[stream] : NULL;
}
static inline void stats_remote_add(struct stats *b, struct stats_remote *remote, uint64_t service_ns)
{
    stats_hist_add(b, &remote->service, service_ns);
}
/* What is known of a remote address; 0 all through when nothing is. */
struct stats_remote stats_remote_known(const struct stats *b, uint32_t stream, uint32_t remote);

/* Counts an error's cause. `cause` must be a constant string. The outcome itself is counted by
 * stats_count_outcome. */
void stats_count_cause(struct stats *b, uint32_t stream, enum outcome outcome, uint16_t status,
                       const char *cause);
/* The same for `cause->count` errors at once. */
void stats_add_cause(struct stats *b, const struct stats_cause *cause);

#endif
