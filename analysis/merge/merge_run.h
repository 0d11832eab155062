/* A generator whose folder is merged: the few facts of its run.json that outlast reading it, so that a
 * thousand generators take little memory. */
#ifndef MERGE_RUN_H
#define MERGE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct run_json;

enum { MERGE_SHARES_MOST = 100000 };

/* Which share of the run it sent, and how its clock stood to the fleet's. */
struct merge_share {
    uint32_t index, count; /* index from 1; count 0: not a share */
    /* As in "shard" of run.json; NAN: unknown. */
    double clock_offset_us, clock_error_us, clock_drift_us, clock_max_error_us, start_late_us;
};

struct merge_run {
    const char *folder;                                /* borrowed */
    char *run_id, *host, *version, *end, *started_utc; /* owned; host NULL: unknown */
    struct merge_share share;
    uint64_t t0_realtime_ns, seed, threads;
    double duration_s;
    uint64_t sent_n, done_n, err_n;
    double cpu_pct, lag_p99_us; /* as in "generator" of run.json; NAN: unknown */
    const char *level;          /* of its worst check: "OK", "WARN", "INVALID" */
    uint64_t streams;           /* a bit for each stream that it sent requests of */
    uint64_t shift_ns;          /* its t0 minus the earliest t0 */
    uint64_t shift_s;           /* the same, rounded to whole seconds */
    uint64_t first_thread;      /* number of its thread 0 in the merged health.csv */
    uint64_t whole_s; /* of a killed one, the seconds that all its files hold; else RUN_FILE_WHOLE */
};

/* Copies the facts out of a run.json; the other members stay zero. Call merge_run_fini even on failure. */
int merge_run_init(struct merge_run *run, const char *folder, const struct run_json *json, struct err *e);
void merge_run_fini(struct merge_run *run);

/* Its tables may end in a line that was cut short: it was killed, or its disk was full. */
bool merge_run_may_be_cut(const struct merge_run *run);
/* It was running when its run.json was written: it goes on, or was killed. */
bool merge_run_is_killed(const struct merge_run *run);
/* "share 3, host c5", or "host c5" of a run that is no share; returns `out`. */
enum { MERGE_RUN_NAME_BYTES = 96 };
const char *merge_run_name(const struct merge_run *run, char out[MERGE_RUN_NAME_BYTES]);

#endif
