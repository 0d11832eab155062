/* A run as its files have it, and the files that are derived from that: percentiles.csv, instances.csv,
 * phases.csv and checks.csv. `loadgen run` fills the description from memory, `loadgen analysis` from
 * run.json and hist.hlog; the bytes are the same, since only counts and exact maxima enter (no minimum, no
 * sum) and rows are ordered by the description. Columns: results/README.md. */
#ifndef BASE_DERIVED_H
#define BASE_DERIVED_H

#include "metric.h"
#include "outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct balance_seconds;
struct csv_writer;
struct err;
struct hist;
struct again_counts;
struct http2_counts;
struct status_count;
struct tag_set;

#define DERIVED_NONE UINT64_MAX /* a time or number that is not known or does not apply: an empty cell */

struct derived_cluster {
    const char *name;
    const char *const *instances; /* ids that the deployment names */
    size_t n_instances;
    const char *label; /* the short name; NULL or the name itself when there is no other */
    const struct balance_seconds *seconds; /* how even each was; NULL: unknown */
    const char *instance_type;             /* NULL: unknown */
};

/* A row of a stream: a step of a session, the redirects of one, or the session; or a group of recorded
 * requests. */
struct derived_row {
    const char *name;
    bool is_session; /* it counts passes, which are no requests; its headline is METRIC_BUSY */
};

struct derived_stream {
    const char *name;
    const char *cluster;
    enum metric headline;           /* METRIC_RESPONSE or METRIC_SERVICE */
    bool is_open;                   /* its load model */
    const struct derived_row *rows; /* NULL: one without a name */
    size_t n_rows;
    bool captures_instance;
    uint64_t timeout_ns;                 /* 0: unknown */
    uint64_t n_connections;              /* the most it may open; 0: unknown */
    const char *http;                    /* "1.1", "2", "2-prior-knowledge"; NULL: unknown */
    uint64_t streams_per_connection;     /* asked for; 0: it is not HTTP/2 */
    const struct again_counts *again;    /* NULL: unknown */
    const struct http2_counts *http2;    /* NULL: it is not HTTP/2 */
    uint64_t round_trip_ns;              /* to its target, before the run; 0: not measured */
    const char *target;                  /* URL; NULL: unknown */
    uint64_t bytes_rx, bytes_tx;         /* outside warm-up */
    const struct status_count *statuses; /* of complete answers outside warm-up, by status */
    size_t n_statuses;
};

/* The row of the session is the last. */
static inline bool derived_has_session(const struct derived_stream *stream)
{
    return stream->rows && stream->rows[stream->n_rows - 1].is_session;
}

/* How what belongs to one row ended in one phase. */
struct derived_cell {
    uint64_t n_outcomes[N_OUTCOMES];
    uint64_t n_late; /* good, but after the phase's measured time: in no rate */
};

struct derived_phase {
    const char *stream;
    const char *cluster;
    const char *name;
    const char *kind;
    bool warmup;
    uint64_t start_ns, end_ns;         /* since t0; DERIVED_NONE: never */
    uint64_t n_requests;               /* DERIVED_NONE: not fixed */
    double rate_per_s, rate_end_per_s; /* NAN: none */
    struct derived_cell all;           /* of its requests */
    const struct derived_cell *cells;  /* [rows of its stream]; NULL: it has none */
};

struct derived_check {
    const char *rule, *scope, *level, *unit, *what, *advice;
    double value, warn, invalid; /* NAN: none */
};

/* Everything is borrowed for the call; rows follow the order of the arrays. */
struct derived_run {
    const struct derived_cluster *clusters;
    size_t n_clusters;
    const struct derived_stream *streams;
    size_t n_streams;
    const struct derived_phase *phases;
    size_t n_phases;
    const struct derived_check *checks;
    size_t n_checks;
    const struct tag_set *tags; /* merged over the whole run */
    bool lacks_times; /* the tags are incomplete: only the phases know how many answers there were */
    const char *end;  /* as in run.json, "done", ...; NULL: not looked at */
};

/* Writes the four files into the folder. -1 when a tag belongs to no stream, cluster and phase of the
 * description, or a file cannot be written. */
int derived_write(const struct derived_run *run, const char *folder, struct err *e);

/* The larger parts of derived_write. */
int derived_percentiles(const struct derived_run *run, struct csv_writer *w, struct err *e);
int derived_instances(const struct derived_run *run, struct csv_writer *w, struct err *e);

#endif
