/* What can be watched of a run at a moment: a copy that needs nothing else, so that another thread can show
 * it while the run goes on, and after it. */
#ifndef RECORD_WATCH_FACTS_H
#define RECORD_WATCH_FACTS_H

#include "again.h"
#include "attempts.h"
#include "claims.h"
#include "http2_counts.h"
#include "outcome.h"
#include "plan.h"
#include "status_counts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WATCH_N_BUCKETS = 21, WATCH_N_TIMES = 4, WATCH_TEXT_BYTES = 512 };

/* The upper bounds of the histogram's buckets: 10 us to 50 s, three per decade. */
extern const uint64_t watch_bucket_ns[WATCH_N_BUCKETS];
/* The percentiles that are shown: p50, p90, p99, p99.9. */
extern const uint32_t watch_times_ppm[WATCH_N_TIMES];

/* One second, warm-up included. */
struct watch_second {
    double sent_per_s, good_per_s, failed_per_s;
    struct attempt_time times[WATCH_N_TIMES];
};

struct watch_stream {
    char name[PLAN_NAME_BYTES], cluster[PLAN_NAME_BYTES];
    size_t phase; /* in force, among the run's `phases` */
    bool is_over; /* it sends nothing more */
    /* the run so far */
    uint64_t n_sent, n_connections; /* with warm-up */
    struct again_counts again;      /* the same */
    uint64_t bytes_rx, bytes_tx;    /* from here on without */
    struct status_counts statuses;
    uint64_t n_outcomes[N_OUTCOMES];
    uint64_t n_attempts;
    struct attempt_time times[WATCH_N_TIMES];
    uint64_t n_good;                    /* good times */
    uint64_t n_within[WATCH_N_BUCKETS]; /* of which so many took at most watch_bucket_ns */
    double good_sum_s;
    uint64_t n_in_flight;
    uint32_t streams_per_connection; /* asked for; 0: it is not HTTP/2 */
    struct http2_counts http2;       /* with warm-up */
    struct watch_second last;
};

/* A row of a session stream, outside of warm-up. Of `session` the attempts are passes. */
struct watch_step {
    char name[PLAN_ROW_BYTES];
    size_t stream;
    uint64_t n_outcomes[N_OUTCOMES];
    uint64_t n_attempts;
    struct attempt_time times[WATCH_N_TIMES];
};

struct watch_phase {
    char name[PLAN_NAME_BYTES];
    const char *kind; /* constant */
    size_t stream;
    bool is_warmup;
};

struct watch_claim {
    char cluster[PLAN_NAME_BYTES], stream[PLAN_NAME_BYTES]; /* stream "": the cluster */
    struct claim_row row;                                   /* its own names are not set */
};

struct watch_facts {
    struct watch_facts *next; /* for lists of the owner's */
    bool is_begin;            /* a run begins with these: nothing was sent yet */
    char name[PLAN_NAME_BYTES], run_id[WATCH_TEXT_BYTES], url[WATCH_TEXT_BYTES], place[WATCH_TEXT_BYTES];
    char commit[64];
    double started_unix_s;
    double elapsed_s, total_s; /* total_s NAN: unknown */
    bool is_estimate;          /* total_s rests on the rate so far */
    struct watch_second sum;   /* of all streams */
    /* the generator in the last second */
    uint32_t n_threads;
    double cpu_ratio[PLAN_THREADS_MOST]; /* of a processor, by thread */
    double lag_p99_s, rx_age_p99_s;      /* NAN: nothing was due, or no timestamps */
    uint64_t rss_bytes;
    /* the end */
    const char *end;            /* "done", "interrupted", ...; NULL: it runs; constant */
    struct watch_claim *claims; /* owned */
    size_t n_claims;
    struct watch_phase *phases; /* owned */
    size_t n_phases;
    struct watch_step *steps; /* owned; NULL: no stream has any */
    size_t n_steps;
    size_t n_streams;
    struct watch_stream streams[];
};

/* Zeroed, with room for so many streams and phases; NULL when memory is short. */
struct watch_facts *watch_facts_new(size_t n_streams, size_t n_phases);
/* Accepts NULL. */
void watch_facts_free(struct watch_facts *facts);

#endif
