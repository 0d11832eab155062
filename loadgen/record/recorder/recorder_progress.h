/* Feeds the live display from what the recorder knows. */
#ifndef RECORD_RECORDER_PROGRESS_H
#define RECORD_RECORDER_PROGRESS_H

#include "progress.h"

#include <stdint.h>

struct recorder;
struct recorder_params;
struct second;

/* The latest of each stream, as of the last second that was written. */
struct recorder_progress_state {
    struct progress display;
    struct progress_stream *streams; /* owned; [streams] */
    struct progress_stream sum;
    double cpu_pct;
    bool has_lag;
    uint64_t lag_p99_ns;
    char place[256];
};

/* -1 when memory is short. */
int recorder_progress_init(struct recorder_progress_state *s, const struct recorder_params *params);
void recorder_progress_fini(struct recorder_progress_state *s);
/* Notes the rates and times of a second that lasted `length_ns`. */
void recorder_progress_note(struct recorder *r, const struct second *second, uint64_t length_ns);
void recorder_progress_show(struct recorder *r, uint64_t now_ns);

#endif
