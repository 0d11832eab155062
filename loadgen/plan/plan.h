/* The plan: what will be sent, when, and what is expected back. Made once from a scenario file or from the
 * options of quick mode, then never written again, so that all threads share it without locks. Times are
 * nanoseconds, sizes bytes, rates per second. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "plan_request.h"
#include "share.h"
#include "threshold.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct input_files;
struct plan_session;
struct plan_target;
struct recording;
struct recording_part;

enum {
    PLAN_ROW_BYTES = TAGS_STEP_BYTES,
    PLAN_STREAMS_MOST = 64,
    PLAN_PHASES_MOST = 256, /* per stream */
    PLAN_FEEDS_MOST = 32,   /* per scenario */
    PLAN_USERS_MOST = 1000000,
    PLAN_BURST_MOST = 1000000,
    PLAN_THREADS_MOST = 256,
    PLAN_INSTANCE_BYTES = 128, /* longest instance id that is captured, NUL included */
    PLAN_EXPECTED_HEADERS_MOST = 32,
    PLAN_TARGETS_TEXT_BYTES = 512,
    PLAN_H2_WINDOW_BYTES = (1 << 30) - 1, /* default */
    PLAN_HEADER_NAME_BYTES = 65,          /* longest name of an expected header, NUL included */
};

enum plan_model {
    PLAN_CLOSED, /* users: each sends, waits for the answer, thinks, sends again */
    PLAN_OPEN,   /* arrivals by schedule, which does not wait for answers */
};

enum plan_arrivals {
    PLAN_CONSTANT,
    PLAN_POISSON,
    PLAN_RECORDED, /* at the times of a file of recorded requests, which are sent */
};

enum plan_phase_kind {
    PLAN_PHASE_REQUESTS, /* closed: n_requests of the stream as a whole, but for no longer than duration_ns if
                            that is not 0 */
    PLAN_PHASE_DURATION, /* closed: users send until duration_ns has passed */
    PLAN_PHASE_RATE,     /* open: rate_per_s for duration_ns */
    PLAN_PHASE_RAMP,     /* open: rate_per_s to rate_end_per_s, linearly over duration_ns */
    PLAN_PHASE_BURST, /* open: n_requests due at once, at the start of the phase, which takes duration_ns (may
                         be 0) */
    PLAN_PHASE_REPLAY, /* open: the n_requests of `replay`, the last of which is due within duration_ns */
    PLAN_PHASE_PAUSE,  /* nothing is sent for duration_ns */
};

struct plan_phase {
    char name[PLAN_NAME_BYTES];
    enum plan_phase_kind kind;
    bool warmup;         /* kept in the files, out of the statistics */
    uint64_t n_requests; /* open: how many arrivals fall into it (constant arrivals), or how many are expected
                            (Poisson) */
    uint64_t duration_ns;
    double rate_per_s;             /* open */
    double rate_end_per_s;         /* open; = rate_per_s unless a ramp */
    struct recording_part *replay; /* owned; NULL unless recorded requests are sent */
};

enum plan_mix {
    PLAN_MIX_SEQUENCE, /* the stream's requests by their number, in order and round again */
    PLAN_MIX_WEIGHTED, /* drawn by weight, seeded */
};

/* A row of a stream's results. */
enum plan_row_kind {
    PLAN_ROW_REQUESTS, /* of a step, or of a plain stream */
    PLAN_ROW_REDIRECT, /* the redirects that a step followed */
    PLAN_ROW_SESSION,  /* passes rather than requests; always the last row */
};

struct plan_row {
    char name[PLAN_ROW_BYTES]; /* "" for a plain stream */
    enum plan_row_kind kind;
};

struct plan_stream {
    char name[PLAN_NAME_BYTES];
    char cluster[PLAN_NAME_BYTES]; /* "target" when the scenario names none */
    struct plan_target *target;    /* owned; NULL: the plan's */
    enum plan_model model;
    enum plan_arrivals arrivals; /* open */
    uint64_t n_users;            /* closed; 0 for open */
    uint64_t n_connections;      /* the most it may open; closed: n_users, over HTTP/2 divided by
                                    in_flight_most */
    uint64_t queue_most;         /* open: due requests that may wait for a connection; more are dropped */
    uint64_t think_ns;           /* closed: pause of a user between response and next request */
    uint64_t timeout_ns;         /* from sent (closed) or due (open) to the complete response */
    uint64_t connect_timeout_ns;
    uint64_t idle_limit_ns;           /* a connection idle for longer is closed, not reused; 0: no limit */
    uint64_t requests_per_connection; /* 0: no limit; 1: keep-alive off */
    uint32_t in_flight_most; /* requests in flight per connection: pipelined, or streams of HTTP/2; 1 by
                                default */
    struct plan_phase *phases;
    size_t n_phases;
    struct plan_request *requests;
    size_t n_requests;
    enum plan_mix mix;
    struct plan_feed **feeds; /* that its requests use; the array is owned, the feeds are the plan's */
    size_t n_feeds;
    struct recording *recording; /* owned; NULL unless its arrivals are recorded. Then it has no `requests` */
    struct plan_expect expect;
    struct plan_session *session; /* owned; NULL: each request stands for itself */
    uint64_t ramp_users_ns;       /* sessions: the first passes of the users are spread over this */
    struct plan_row *rows;        /* owned; NULL: a plain stream, whose one row has no name */
    size_t n_rows;
    size_t first_phase_index; /* of this stream's phase 0 among all phases of the plan, in order */
    size_t first_cell_index;  /* of its row 0 in phase 0 among all cells of the plan; see plan_cell */
};

struct plan_cluster {
    char name[PLAN_NAME_BYTES];
    char label[PLAN_NAME_BYTES]; /* "m4"; = name when unknown */
    char *path;                  /* may be NULL */
    char *instance_type;         /* may be NULL */
    char *zone;                  /* may be NULL */
    char **instances;
    size_t n_instances;
};

struct plan_tls {
    bool verify;                          /* default true */
    char *ca_file, *cert_file, *key_file; /* may be NULL */
    struct input_files *inputs;           /* what holds these files; borrowed. NULL: they are on disk */
    char *server_name;                    /* SNI and the name that is verified; NULL: the target's host */
    char *alpn;                           /* NULL: "http/1.1" */
    bool resume;                          /* session resumption; default true */
    int min_version;                      /* 0 default, 12 for TLS 1.2, 13 for TLS 1.3 */
};

/* "--resolve NAME:PORT:ADDRESS" and "--connect-to NAME:PORT:OTHER:PORT" as curl has them. */
struct plan_override {
    char *host;
    uint16_t port;
    char *to_host; /* an address for resolve, a name or address for connect-to */
    uint16_t to_port;
};

/* What is spoken, decided before the run: no connection falls back to another version. */
enum plan_http {
    PLAN_HTTP_1,       /* HTTP/1.1 */
    PLAN_HTTP_2,       /* by ALPN, over TLS */
    PLAN_HTTP_2_PRIOR, /* by prior knowledge, without TLS (RFC 9113 section 3.3) */
};

struct plan_target {
    char *url; /* as shown to people */
    enum plan_http http;
    uint32_t h2_window_bytes; /* HTTP/2: what the peer may send ahead on a stream and on a connection */
    bool tls;
    char *host; /* name or address without brackets */
    uint16_t port;
    char *host_header; /* value of Host */
    char *base_path;   /* "" or "/prefix", put before each request's path */
    char *unix_socket; /* path, or NULL */
    struct plan_override *connect_to;
    struct plan_override *resolve;
    size_t n_connect_to, n_resolve;
    char **bind_addresses; /* source addresses, used in turn */
    size_t n_bind_addresses;
    int family;                /* 0 any, 4, 6 */
    uint64_t resolve_every_ns; /* the longest that a DNS answer is used; default 60 s */
    char *name_server;         /* "ADDRESS:PORT" of the DNS server to ask; NULL: the system's resolver */
    struct plan_tls tls_options;
};

/* The environment of a run on the generator, which --on-generator sets there: the folder in which absolute
 * paths of a scenario lie, and the generator's id. */
#define PLAN_FILES_ROOT_VARIABLE   "LOADGEN_FILES_ROOT"
#define PLAN_ON_GENERATOR_VARIABLE "LOADGEN_ON_GENERATOR"

/* The deployment's load machine; texts are owned. */
struct plan_generator {
    char *id; /* NULL: the deployment has none, or it is not launched */
    char *instance_type, *zone;
    char *address, *user, *ssh_key, *host_keys_file; /* of ssh; the key may be NULL */
    uint16_t port;
};

struct plan_deployment {
    bool present;
    bool emulated;
    bool lacks_http2;                                /* its listener was told not to offer it */
    char *file, *provider, *run_id, *topology, *app; /* may be NULL */
    double usd_per_hour;                             /* 0: it costs nothing */
    uint64_t expires_ns;  /* since the epoch, when its instances end by themselves; 0: never */
    char *json;           /* the deployment file's text */
    bool is_copied_whole; /* into the run folder: with account and addresses */
    struct plan_generator generator;
};

struct plan {
    char name[PLAN_NAME_BYTES];
    char *scenario_file; /* NULL in quick mode */
    char *scenario_text; /* secrets replaced by "(given)"; NULL in quick mode */
    char **files;        /* that the scenario names, as they were opened */
    size_t n_files;
    struct plan_target target; /* of the streams that have none of their own */
    struct plan_deployment deployment;
    struct plan_cluster *clusters;
    size_t n_clusters;
    struct plan_feed **feeds; /* owned, and what they point to */
    size_t n_feeds;
    struct plan_stream *streams;
    size_t n_streams;
    size_t n_phases; /* over all streams */
    size_t n_cells;  /* over all streams: rows times phases */
    struct threshold *thresholds;
    size_t n_thresholds;
    uint64_t seed;
    bool seed_is_drawn; /* neither the scenario nor an option gave one */
    uint32_t n_threads; /* of this generator; others may have more or fewer */
    struct share share; /* what this generator sends; all else describes the whole plan */
};

/* Frees all that the plan owns; accepts a zeroed plan. */
void plan_fini(struct plan *plan);
/* The same for its parts. */
void plan_stream_fini(struct plan_stream *s);
void plan_request_fini(struct plan_request *r);
void plan_expect_fini(struct plan_expect *x);
/* Frees the feed itself, too; accepts NULL. */
void plan_feed_free(struct plan_feed *f);

static inline const struct plan_target *plan_target_of(const struct plan *plan,
                                                       const struct plan_stream *stream)
{
    return stream->target ? stream->target : &plan->target;
}
static inline bool plan_is_http2(const struct plan *plan, const struct plan_stream *stream)
{
    return plan_target_of(plan, stream)->http != PLAN_HTTP_1;
}
/* The one to name where there is room for one: the plan's, or where no stream uses that, the first stream's.
 */
const struct plan_target *plan_main_target(const struct plan *plan);
/* "URL", "URL and URL" or "3 targets", for people; returns `out`. */
const char *plan_targets_text(const struct plan *plan, char out[static PLAN_TARGETS_TEXT_BYTES]);

/* Whether its requests have a due time: those of open streams and of sessions. */
static inline bool plan_stream_has_due(const struct plan_stream *stream)
{
    return stream->model == PLAN_OPEN || stream->session;
}

/* Statistics are kept per cell: one row of one stream in one phase. This is the cell's index in the whole
 * plan. */
static inline size_t plan_cell(const struct plan_stream *stream, size_t row, size_t phase)
{
    return stream->first_cell_index + row * stream->n_phases + phase;
}
/* The other way round. */
static inline size_t plan_row_of(const struct plan_stream *stream, size_t cell)
{
    return (cell - stream->first_cell_index) / stream->n_phases;
}
static inline size_t plan_phase_of(const struct plan_stream *stream, size_t cell)
{
    return (cell - stream->first_cell_index) % stream->n_phases;
}
static inline bool plan_has_session_row(const struct plan_stream *stream)
{
    return stream->rows && stream->rows[stream->n_rows - 1].kind == PLAN_ROW_SESSION;
}
/* The first rows, whose sum is the stream's own: all but `session`. */
static inline size_t plan_n_request_rows(const struct plan_stream *stream)
{
    return stream->n_rows - plan_has_session_row(stream);
}
/* "" for the row of a plain stream. */
static inline const char *plan_row_name(const struct plan_stream *stream, size_t row)
{
    return stream->rows ? stream->rows[row].name : "";
}

/* Index of the named row; n_rows when there is none of that name. */
size_t plan_find_row(const struct plan_stream *stream, const char *name);

/* Index of the cluster; n_clusters when there is none of that name. */
size_t plan_find_cluster(const struct plan *plan, const char *name);
/* Connections of all streams together, at most. */
uint64_t plan_n_connections(const struct plan *plan);

/* The number of the first request of phase k: those of earlier phases come before it. UINT64_MAX: not known
 * in advance, because time ends an earlier phase, or its arrivals are random. */
uint64_t plan_first_number(const struct plan_stream *stream, size_t k);

/* How long the plan takes, as far as that is known before it runs. */
struct plan_length {
    uint64_t ns;   /* of the longest stream, over its phases that have a duration */
    bool is_least; /* some phase lasts until its requests are done, however long that takes */
};
struct plan_length plan_length(const struct plan *plan);

/* A seed from the kernel; below 2^53, so that every JSON reader keeps it exactly. */
uint64_t plan_draw_seed(void);

/* Parses a threshold and appends it. -1 when it is malformed or its scope is no cluster, stream or step of
 * the plan. */
int plan_add_threshold(struct plan *plan, const char *text, struct err *e);

/* Sets the error that every function which builds a part of the plan reports. Returns -1. */
int plan_out_of_memory(struct err *e);

#endif
