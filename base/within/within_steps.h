/* The seconds of a run, cluster by cluster, as intervals within it need them: good times, attempts and good
 * answers. `run` feeds them as seconds are written, `analysis` makes the same from hist.hlog and
 * intervals.csv. Long runs have steps of several seconds, so that there are never more than
 * WITHIN_STEPS_MOST; each length is a multiple of the shorter ones, so steps merge as the run grows. */
#ifndef BASE_WITHIN_STEPS_H
#define BASE_WITHIN_STEPS_H

#include "run_interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct derived_run;
struct hist;

enum { WITHIN_STEPS_MOST = 400 };

struct within_step {
    struct hist *ok;     /* good times of the streams that count; owned; NULL: none */
    uint64_t n_bad;      /* their attempts without a good answer */
    uint64_t n_good;     /* good answers of all streams */
    uint64_t covered_ns; /* how much of the step the run covers */
    bool is_partial;     /* the run or a phase did not fill one of its seconds */
};

/* Of one cluster. A zeroed one is empty. */
struct within_steps {
    struct within_step *steps; /* owned; [WITHIN_STEPS_MOST] */
    unsigned step_s;           /* 0: empty */
    bool lacks_memory;         /* it was short, so the steps are useless */
};

/* What one second holds. */
struct within_second {
    uint64_t index, length_ns;
    const struct hist *ok; /* NULL: none */
    uint64_t n_bad, n_good;
    bool is_partial;
};

void within_steps_fini(struct within_steps *s);
/* Adds a second, of one stream or of all of the cluster. */
void within_steps_add(struct within_steps *s, const struct within_second *second);
/* Lists the whole steps in which the cluster was active outside of warm-up in `out`, of WITHIN_STEPS_MOST
 * rows that borrow from the steps, for a run of that length; returns their number. */
size_t within_steps_list(struct within_steps *s, const struct derived_run *run, const char *cluster,
                         double duration_s, struct run_second *out);

/* The length of the steps of a run: the shortest with at most WITHIN_STEPS_MOST of them. */
unsigned within_step_s(double duration_s);

#endif
