/* The state of the recorder, private to its files. */
#ifndef RECORD_RECORDER_STATE_H
#define RECORD_RECORDER_STATE_H

#include "answer_seconds.h"
#include "names.h"
#include "recorder.h"
#include "recorder_progress.h"
#include "rule_input.h"
#include "run_folder.h"
#include "run_json_host.h"
#include "seconds.h"
#include "within_steps.h"

struct recorder_thread {
    struct names_map instances, remotes;
    uint64_t *n_inflight; /* [streams], as last reported */
};

struct recorder {
    struct recorder_params params;
    struct run_folder folder;
    struct names instances, remotes; /* the run's numbers */
    struct recorder_thread *threads;
    struct seconds seconds;
    struct stats *run; /* the sum of all seconds written so far */
    struct hist *scratch[2];
    uint64_t t0_monotonic_ns, t0_realtime_ns;
    struct run_json_host host;
    struct rule_input rule_input;
    struct answer_seconds answers; /* by instance */
    struct within_steps within[2]; /* of a run of two clusters, in the order of their streams */
    struct run_view progress;
    struct request_log *log;              /* NULL: requests are not logged */
    struct request_log_counts log_counts; /* known at the end */
    uint64_t next_json_ns; /* since t0: when run.json is due to be written again, in case the run is killed */
    size_t n_turns;        /* of phases, as of run.json */
    bool is_failure_printed;
};

/* How the run ended. */
struct recorder_ending {
    enum recorder_end end;
    uint64_t end_ns; /* monotonic */
};

/* Writes a complete second and adds it to the run. True if a threshold with `abort` was missed. */
bool recorder_write_second(struct recorder *r, struct second *second, uint64_t length_ns);

#endif
