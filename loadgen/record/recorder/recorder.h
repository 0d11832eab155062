/* The recorder: takes the workers' stats once a second, writes what they hold to the run folder, keeps the
 * totals, shows progress, and at the end judges the run and prints the summary. Runs on the main thread, off
 * the hot path. */
#ifndef RECORD_RECORDER_H
#define RECORD_RECORDER_H

#include "exit_code.h"
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
struct recorder; /* opaque: the run folder's files, totals, display */

enum recorder_progress { RECORDER_PROGRESS_AUTO, RECORDER_PROGRESS_PLAIN, RECORDER_PROGRESS_NONE };
enum recorder_end {
    RECORDER_DONE,
    RECORDER_INTERRUPTED,
    RECORDER_ABORTED,
    RECORDER_FAILED,
    RECORDER_RUNNING, /* it has not ended: what run.json says of a run that was killed */
};

struct recorder_setting {
    char *name;
    char *value; /* NULL: not set */
};

struct recorder_library {
    const char *name;
    const char *version; /* of the library that is loaded */
};

/* What the recorder needs to know of the run; all is borrowed until recorder_free. */
struct recorder_params {
    const struct plan *plan;
    const char
        *folder; /* the run folder; recorder_new makes it unless it is there, and then it must be empty */
    const char *const *argv; /* secrets already masked; NULL-terminated */
    const struct recorder_setting *settings;
    size_t n_settings;
    uint32_t n_threads;
    const struct names *const *instances; /* [n_threads]: instance ids by the thread's numbers */
    const struct names *const *remotes;   /* [n_threads]: remote addresses by the thread's numbers */
    const struct phase_clock *phases;     /* [plan->n_phases] */
    struct dns_log *dns;
    const char *pacing;                       /* see pacer_kind */
    const struct recorder_library *libraries; /* named in run.json; the last row has no name; NULL: none */
    enum recorder_progress progress;
    enum request_log_form log_form; /* whether every request is written to requests.csv */
    bool allows_invalid;
    bool allows_missed; /* a missed threshold is no failure */
    bool is_quiet;      /* no summary on stdout */
    bool keeps_going;   /* when results cannot be written */
};

/* Opens the files of the run folder. NULL and a sentence when that fails; nothing has been sent yet
 * then. */
struct recorder *recorder_new(const struct recorder_params *params, struct err *e);
void recorder_free(struct recorder *r);

/* Notes the start: t0 on both clocks, read at the same moment. */
void recorder_start(struct recorder *r, uint64_t t0_monotonic_ns, uint64_t t0_realtime_ns);

/* Where the worker of a thread puts every request; NULL when requests are not logged. */
struct request_log_ring *recorder_log_ring(struct recorder *r, uint32_t thread);

/* Merges one thread's stats into the second it began in. The stats is the caller's again on return and must
 * be cleared by him. */
void recorder_take(struct recorder *r, uint32_t thread, const struct stats *stats);

/* Called about once a second after taking: writes the seconds that are complete (every thread has handed over
 * a stats that ends after them) and refreshes the display. What cannot be written is said on stderr, once.
 * Returns RECORDER_RUNNING, or how the run shall end now: a threshold with `abort` was missed, or results
 * cannot be written. */
enum recorder_end recorder_tick(struct recorder *r, uint64_t now_ns);

/* Writes everything that is left, run.json and the derived files, judges, prints the summary to stdout and
 * diagnostics to stderr, and points results/latest at the folder. Returns the exit code (0, 1 when no request
 * succeeded, 3, 4, 130), or -1 and a sentence when files could not be written; what could be written is kept.
 */
int recorder_finish(struct recorder *r, enum recorder_end end, uint64_t end_ns, struct err *e);

#endif
