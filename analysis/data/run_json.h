/* run.json of a run folder as structs: what ran, where, with which settings, and how it ended. Texts are
 * borrowed from the parsed document, which is kept so that reports can show what has no field here. */
#ifndef RUN_JSON_H
#define RUN_JSON_H

#include "again.h"
#include "derived.h"
#include "http2_counts.h"
#include "status_counts.h"
#include "threshold.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum { RUN_JSON_SCHEMA_VERSION = 1 };

struct run_cluster {
    const char *name;
    const char *label;         /* "m4"; NULL when unknown */
    const char *instance_type; /* "m4.large"; NULL when unknown */
    const char *zone;          /* NULL when unknown */
    const char **instances;    /* owned array */
    size_t n_instances;
};

struct run_stream {
    const char *name;
    const char *cluster;
    bool open;                     /* load model: open (arrivals) or closed (users) */
    const char *headline;          /* metric in tags: "response" or "service" */
    const char *arrivals;          /* NULL in a closed model */
    const char *target;            /* NULL: the run's */
    const char *http;              /* "1.1", "2", "2-prior-knowledge"; NULL: unknown */
    double streams_per_connection; /* NAN: it is not HTTP/2 */
    bool captures_instance;
    double users; /* NAN when not set */
    double connections;
    double timeout_s;         /* NAN when unknown */
    double round_trip_us;     /* NAN when not measured */
    struct derived_row *rows; /* of a session stream, owned; NULL: it is none */
    size_t n_rows;
};

/* What a session stream counted beside its requests. */
struct run_sessions {
    uint64_t due_n, begun_n, late_paces_n, renewed_n, pool_full_n, cookies_dropped_n;
};

/* What passed and was answered in a stream outside warm-up. */
struct run_total {
    const char *stream;
    uint64_t bytes_rx, bytes_tx;
    struct status_counts statuses;
    bool has_again;
    struct again_counts again;
    bool has_sessions;
    struct run_sessions sessions;
    bool has_http2;
    struct http2_counts http2;
};

struct run_phase {
    const char *stream, *cluster, *phase;
    const char *kind; /* requests, duration, rate, ramp, pause */
    bool warmup;
    double requests_n, rate_per_s, rate_end_per_s; /* NAN when not set */
    double start_s, end_s;                         /* NAN: never began */
    uint64_t done_n, ok_n;                         /* requests that ended, and the good ones */
    uint64_t n_late;                               /* of these: answered too late to count in a rate */
    uint64_t n_outcomes[N_OUTCOMES];
    struct derived_cell *cells; /* of its stream's rows, owned; NULL: that has none */
    size_t n_cells;
};

/* Exact values that histogram bins round. */
struct run_exact {
    const char *tag;
    uint64_t n, min_ns, max_ns, sum_ns;
};

struct run_json {
    json_t *root; /* owned */
    char *file;   /* owned; its path, for messages */
    const char *run_id, *name, *started_utc, *end, *tool_version;
    uint64_t t0_realtime_ns;
    uint64_t seed, threads;
    double duration_s;
    uint64_t whole_s;         /* of a run that goes on or was killed, the seconds that all files hold, see
                                 killed_run.h; else RUN_FILE_WHOLE */
    uint64_t share, n_shares; /* which share of how many it is, from 1; 0: the whole plan */
    const char *target_url;
    const char *scenario; /* its file; NULL in quick mode */
    bool emulated;
    uint64_t done_n;
    uint64_t log_rows_n, log_dropped_n, log_unwritten_n; /* of requests.csv; 0 without one */
    struct run_cluster *clusters;
    size_t n_clusters;
    struct run_stream *streams;
    size_t n_streams;
    struct run_total *totals;
    size_t n_totals;
    struct run_phase *phases;
    size_t n_phases;
    struct run_exact *exact;
    size_t n_exact;
    struct derived_check *checks;
    size_t n_checks;
    struct threshold_result *thresholds;
    size_t n_thresholds;
};

/* Reads FOLDER/run.json; that of a run that goes on or was killed is brought up to its other files. -1 when a
 * member is missing or of the wrong type (the message names file and key), or the schema version is unknown.
 * Call run_json_fini even on failure. */
int run_json_read(struct run_json *run, const char *folder, struct err *e);
void run_json_fini(struct run_json *run);

/* The cluster or stream of that name, or NULL. */
const struct run_cluster *run_json_cluster(const struct run_json *run, const char *name);
const struct run_stream *run_json_stream(const struct run_json *run, const char *name);
/* What the stream of that name counted, or NULL. */
const struct run_total *run_json_total(const struct run_json *run, const char *stream);

#endif
