/* Fills the live display from the recorder's state. */
#ifndef RECORD_RECORDER_PROGRESS_H
#define RECORD_RECORDER_PROGRESS_H

#include "progress.h"
#include "progress_course.h"

#include <stdint.h>

struct recorder;
struct recorder_params;
struct second;

/* Each stream as of the last second written. */
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
/* Takes in a second that lasted `length_ns`. */
void recorder_progress_add(struct recorder *r, const struct second *second, uint64_t length_ns);
/* How far a stream has got, and when it will end. */
struct progress_course recorder_progress_course(const struct recorder *r, size_t stream, uint64_t now_ns);
void recorder_progress_show(struct recorder *r, uint64_t now_ns);

#endif
