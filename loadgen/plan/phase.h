/* One phase of a stream from the numbers that describe it; scenario files and quick mode make phases here, so
 * both know the same rules. */
#ifndef PLAN_PHASE_H
#define PLAN_PHASE_H

#include "plan.h"

struct err;

/* What was given; 0 means not given, except for a rate that is marked as given. */
struct phase_given {
    uint64_t n_requests, duration_ns, pause_ns, n_burst;
    double rate_per_s, ramp_to_per_s;
    bool counts_passes;         /* of a session: n_requests are passes, and sentences call them so */
    bool has_rate, has_ramp_to; /* given, even as 0; a rate above 0 always counts as given */
    bool has_replay, has_skip, has_speed;
};

/* Fills kind, n_requests, duration and rates of `out`, whose name and warm-up mark it leaves. -1 for an
 * impossible combination; `*key` then names the key to blame. */
int phase_make(struct plan_phase *out, enum plan_model model, enum plan_arrivals arrivals,
               const struct phase_given *given, const char **key, struct err *e);
/* Completes a phase with `replay`: number of requests, duration and mean rate. Takes ownership of `part`. */
void phase_set_replay(struct plan_phase *phase, struct recording_part *part);

#endif
