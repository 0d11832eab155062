/* The recorder takes the workers' statistics once a second, writes them to the run folder, keeps totals and
 * shows progress; at the end it judges the run and prints the summary. Used by one thread at a time, off the
 * hot path. */
#ifndef RECORD_RECORDER_H
#define RECORD_RECORDER_H

#include "request_log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct plan;
struct stats;
struct names;
struct phase_clock;
struct dns_log;
struct watch;
struct build;
struct build_library;
struct shard_facts;
struct recorder; /* opaque: the run folder's files, totals, display */

enum recorder_progress { RECORDER_PROGRESS_AUTO, RECORDER_PROGRESS_PLAIN, RECORDER_PROGRESS_NONE };
enum recorder_end {
    RECORDER_DONE,
    RECORDER_INTERRUPTED,
    RECORDER_ABORTED,
    RECORDER_FAILED,
    RECORDER_RUNNING, /* not ended; stays in run.json if the run is killed */
};

struct recorder_setting {
    char *name;
    char *value; /* NULL: not set */
};

enum { RECORDER_SHA256_BYTES = 65 }; /* in hexadecimal, NUL included */

/* A file that decides what is sent, and the hash of its bytes: generators of one run must have the same. */
struct recorder_input {
    const char *what;                   /* "scenario", "file", "deployment" */
    const char *name;                   /* its path; NULL: unknown */
    char sha256[RECORDER_SHA256_BYTES]; /* "": unknown */
};

/* Called with the counts of all threads in the second `index` from t0, which lasted `length_ns`; they are
 * borrowed until it returns. Runs on the collector's thread, or on that of recorder_finish. */
typedef void recorder_second_fn(void *payload, uint64_t index, const struct stats *sum, uint64_t length_ns);

/* The result for other programs. A file "-" is stdout; at most one of them may use that. */
struct recorder_outputs {
    bool json;                              /* on stdout */
    const char *junit_file, *markdown_file; /* NULL: none */
};

/* The run to record; everything is borrowed until recorder_free. */
struct recorder_params {
    const struct plan *plan;
    const char *folder;      /* the run folder; recorder_new creates it if missing; NULL: nothing is kept */
    const char *const *argv; /* secrets already masked; NULL-terminated */
    const struct recorder_setting *settings;
    size_t n_settings;
    const struct recorder_input *inputs;
    size_t n_inputs;
    const struct shard_facts *shard; /* NULL: the whole plan. Its owner may change it before engine_run and
                                        between engine_run and recorder_finish */
    recorder_second_fn *on_second;   /* NULL: none */
    void *on_second_payload;
    /* The first failure to write, instead of printing it; on the collector's thread. NULL: it is printed. */
    void (*on_failure)(void *payload, const char *sentence);
    void *on_failure_payload;
    uint32_t n_threads;
    const struct names *const *instances;  /* [n_threads]: instance ids by the thread's numbers */
    const struct names *const *remotes;    /* [n_threads]: remote addresses by the thread's numbers */
    const struct phase_clock *phases;      /* [plan->n_phases] */
    const struct round_trips *round_trips; /* NULL: not measured */
    struct dns_log *dns;
    struct watch *watch;                   /* shows the run while it goes on; NULL: not watched */
    const char *pacing;                    /* see pacer_kind */
    const struct build_library *libraries; /* named in run.json; the last row has no name; NULL: none */
    const struct build *build;             /* NULL: unknown */
    enum recorder_progress progress;
    enum request_log_form log_form; /* whether every request is written to requests.csv */
    bool is_strict;                 /* the run fails when any of its claims is invalid */
    bool allows_missed;             /* thresholds are judged, and decide nothing */
    bool judges_nothing; /* a share: thresholds are judged on the sum of all shares, and the exit code
                            does not depend on the verdict */
    bool is_quiet;       /* no summary on stdout */
    struct recorder_outputs outputs;
    bool keeps_going; /* even if results cannot be written */
};

/* Opens the files of the run folder, before anything is sent. NULL and a sentence on failure. */
struct recorder *recorder_new(const struct recorder_params *params, struct err *e);
void recorder_free(struct recorder *r);

/* Sets t0, read on both clocks at the same moment. */
void recorder_start(struct recorder *r, uint64_t t0_monotonic_ns, uint64_t t0_realtime_ns);

/* Where a thread's worker logs every request; NULL when requests are not logged. */
struct request_log_ring *recorder_log_ring(struct recorder *r, uint32_t thread);

/* Merges one thread's statistics into the second in which they began. The caller keeps them and clears them
 * afterwards. */
void recorder_take(struct recorder *r, uint32_t thread, const struct stats *stats);

/* Called about once a second after taking: writes complete seconds, which every thread has reported past, and
 * refreshes the display. The first failure to write is printed to stderr. Returns RECORDER_RUNNING, or how
 * the run must end now: a threshold with `abort` was missed, or results cannot be written. */
enum recorder_end recorder_tick(struct recorder *r, uint64_t now_ns);

/* Writes the remaining seconds, the derived files and run.json, judges the run, prints the summary to stdout,
 * and points results/latest at the folder. Returns the exit code (0, 1 and a sentence in `e` if no
 * measured request succeeded, 3, 4, 130), or -1 and a sentence if files could not be written; the others are
 * kept. */
int recorder_finish(struct recorder *r, enum recorder_end end, uint64_t end_ns, struct err *e);

#endif
