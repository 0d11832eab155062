/* What the recorder knows while the run goes on. Private to the files that make up the recorder. */
#ifndef RECORD_RECORDER_STATE_H
#define RECORD_RECORDER_STATE_H

#include "host_counters.h"
#include "name_map.h"
#include "recorder.h"
#include "run_folder.h"
#include "seconds.h"

struct recorder_thread {
    struct name_map instances, remotes;
    uint64_t *n_inflight; /* [streams], as told last */
};

struct recorder {
    struct recorder_params params;
    struct run_folder folder;
    struct names instances, remotes; /* the run's numbers */
    struct recorder_thread *threads;
    struct seconds seconds;
    struct book *run; /* everything that is written so far */
    struct hist *scratch;
    uint64_t t0_monotonic_ns, t0_realtime_ns;
    struct host_counters host_start, host_last;
};

/* Writes all seconds up to the end of the run. */
void recorder_write_rest(struct recorder *r, uint64_t end_ns);

#endif
