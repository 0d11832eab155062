/* How far a stream has got, and when it will end: a pure function of plan, phase clocks and counts. */
#ifndef RECORD_PROGRESS_COURSE_H
#define RECORD_PROGRESS_COURSE_H

#include "progress_view.h"

struct phase_clock;
struct division;
struct plan_stream;

/* A stream at a moment. */
struct progress_moment {
    const struct plan_stream *stream;
    const struct phase_clock *phases;
    const uint64_t *n_done_in_phase; /* [phases of the stream] */
    const struct division *part;     /* what is sent of it here; NULL: the whole */
    uint64_t t0_ns, now_ns;
    double rate_per_s; /* requests done per second of sending; 0: unknown */
};

struct progress_course {
    double fraction;                  /* done, 0 to 1 */
    uint64_t n_done, n_total;         /* requests or passes of the stream; n_total 0: it runs for a time */
    uint64_t left_ns;                 /* until it ends */
    bool is_known;                    /* left_ns is */
    bool is_estimate;                 /* left_ns rests on the rate */
    bool is_over;                     /* it sends nothing more */
    char phase[PROGRESS_PHASE_BYTES]; /* what it is doing; see progress_stream */
};

struct progress_course progress_course_of(const struct progress_moment *m);

#endif
