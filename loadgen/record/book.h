/* The book: all that one thread counted in one interval of about a second. A worker owns one book and writes
 * it on the hot path without locks; at the second's edge it hands the book over through its mailbox and goes
 * on in the other one; the collector merges, writes and clears it and gives it back. Histograms come into
 * being on first use, so the usual case costs no allocation. */
#ifndef RECORD_BOOK_H
#define RECORD_BOOK_H

#include "hist.h"
#include "metric.h"
#include "outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan;

enum {
    BOOK_CAUSES_MOST =
        64, /* distinct (stream, outcome, cause, status) per interval; what more there is has no cause */
    BOOK_INSTANCES_MOST = 4096, /* distinct instance ids per thread; more are counted as unknown */
    BOOK_REMOTES_MOST = 256,
    BOOK_SYS_SAMPLES_MOST = 1000,
    BOOK_SLOW_SAMPLES_MOST = 10,
    BOOK_ERR_SAMPLES_MOST = 100,
};

/* The histograms of one phase of one stream and one outcome. */
struct book_cell {
    struct hist *metrics[N_METRICS]; /* NULL until used */
    struct hist **instances;         /* headline metric by instance number; NULL until used */
    uint32_t n_instances;            /* capacity of `instances` */
};

struct book_stream {
    uint64_t n_intended;     /* open: due in this interval */
    uint64_t n_backlog_most; /* open: most requests that were due and not sent; a sum over threads */
    uint64_t n_sent;
    uint64_t n_conn_new;
    uint64_t bytes_rx, bytes_tx;
    uint64_t n_inflight; /* at the end of the interval: sent or waiting for a connection, not done */
};

/* One phase of one stream, by its index in the whole plan. */
struct book_phase {
    uint64_t n_outcomes[N_OUTCOMES];     /* by the interval of their end; done = all but RESET_IDLE */
    struct book_cell *cells[N_OUTCOMES]; /* NULL until used */
};

/* An error by cause. `cause` is a constant string. */
struct book_cause {
    uint32_t stream;
    enum outcome outcome;
    uint16_t status; /* 0: none */
    const char *cause;
    uint64_t count;
};

/* Per stream and remote address. */
struct book_remote {
    uint64_t n_connections;
    uint64_t n_done;
    uint64_t n_err;
    struct hist *service; /* NULL until used */
};

/* One request in full. Times are monotonic ns; 0 = did not happen. */
struct book_sample {
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

struct book_samples {
    struct book_sample *rows; /* fixed capacity */
    uint32_t n;
};

/* The generator's own condition during the interval. */
struct book_health {
    uint64_t n_wakeups; /* returns from the kernel's poll */
    uint64_t n_sends;
    uint64_t busy_ns;                 /* time outside the poll */
    uint64_t iteration_max_ns;        /* longest single stretch outside the poll */
    uint64_t cpu_user_ns, cpu_sys_ns; /* of the thread, in the interval */
    uint64_t n_switches_involuntary;
    struct hist *sends_per_wakeup; /* counts, not ns; wakeups with at least one scheduled send; never NULL */
};

struct book {
    uint64_t start_ns, end_ns; /* monotonic */
    bool is_last;              /* the thread has nothing more to tell */
    uint32_t n_streams;
    uint32_t n_phases; /* of the plan */
    struct book_stream *streams;
    struct book_phase *phases;
    struct book_cause causes[BOOK_CAUSES_MOST];
    uint32_t n_causes;
    struct book_remote *remote_rows; /* see book_remote */
    uint32_t n_remotes; /* numbers used so far by the thread; set by the owner before he hands over */
    struct book_samples sys, slow, err; /* slow: unordered, the slowest of the interval */
    uint32_t sys_every;                 /* one in so many went to `sys` */
    struct book_health health;
};

/* Returns an owned empty book for the plan, or NULL when memory is short. */
struct book *book_new(const struct plan *plan);
void book_free(struct book *b);
/* Empties it for the next interval; costs only what was used. Histograms stay allocated. */
void book_clear(struct book *b);

/* Counts the end of a request. */
static inline void book_count_outcome(struct book *b, uint32_t phase_index, enum outcome outcome)
{
    b->phases[phase_index].n_outcomes[outcome]++;
}
/* The row of a remote address by the thread's number for it, which must be below BOOK_REMOTES_MOST. */
static inline struct book_remote *book_remote(const struct book *b, uint32_t stream, uint32_t remote)
{
    return &b->remote_rows[(size_t)stream * BOOK_REMOTES_MOST + remote];
}

/* The cell of a plan-wide phase index and outcome; made on first use, NULL when memory is short. */
struct book_cell *book_cell(struct book *b, uint32_t phase_index, enum outcome outcome);
/* The histogram in the slot; made on first use, NULL when memory is short. */
struct hist *book_make_hist(struct hist **slot);
/* The slot of an instance by the thread's number for it, which must be below BOOK_INSTANCES_MOST; NULL when
 * memory is short. */
struct hist **book_make_instance(struct book_cell *cell, uint32_t instance);

/* The hot path. Out of memory loses the value and nothing else. */
static inline void book_hist_add(struct hist **slot, uint64_t value)
{
    struct hist *h = *slot ? *slot : book_make_hist(slot);
    if (h)
        hist_add(h, value);
}
static inline void book_cell_add(struct book_cell *cell, enum metric metric, uint64_t value_ns)
{
    if (cell)
        book_hist_add(&cell->metrics[metric], value_ns);
}
static inline void book_cell_add_instance(struct book_cell *cell, uint32_t instance, uint64_t value_ns)
{
    if (!cell)
        return;
    struct hist **slot =
        instance < cell->n_instances ? &cell->instances[instance] : book_make_instance(cell, instance);
    if (slot)
        book_hist_add(slot, value_ns);
}
static inline void book_remote_add(struct book_remote *remote, uint64_t service_ns)
{
    book_hist_add(&remote->service, service_ns);
}

/* Counts an error's cause. `cause` must be a constant string. The outcome itself is counted by
 * book_count_outcome. */
void book_count_cause(struct book *b, uint32_t stream, enum outcome outcome, uint16_t status,
                      const char *cause);
/* The same for `cause->count` errors at once. */
void book_add_cause(struct book *b, const struct book_cause *cause);

#endif
