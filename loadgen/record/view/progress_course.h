/* How far along its way a stream is, and when it will be over. Pure functions of plan, phase clocks and
 * counts. */
#ifndef RECORD_PROGRESS_COURSE_H
#define RECORD_PROGRESS_COURSE_H

#include "progress_view.h"

struct phase_clock;
struct plan_stream;

/* What is known of a stream at a moment. */
struct progress_moment {
    const struct plan_stream *stream;
    const struct phase_clock *phases;
    const uint64_t *n_done_in_phase; /* [phases of the stream] */
    uint64_t t0_ns, now_ns;
    double rate_per_s; /* requests done per second while it was sending; 0: not known */
};

struct progress_course {
    double fraction;                  /* of the way */
    uint64_t n_total;                 /* requests that the stream will send; 0: it runs for a time */
    uint64_t left_ns;                 /* until it is over */
    bool is_known;                    /* left_ns is */
    bool is_estimate;                 /* it rests on the rate */
    char phase[PROGRESS_PHASE_BYTES]; /* what it is doing */
};

struct progress_course progress_course_of(const struct progress_moment *m);

#endif
