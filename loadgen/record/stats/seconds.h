/* The seconds of the run that are not written yet. A thread's statistics count in the second in which their
 * interval began; a second is complete when every thread has reported past its end or for the last time.
 * Written seconds are reused, so a run of any length needs the same memory. */
#ifndef RECORD_SECONDS_H
#define RECORD_SECONDS_H

#include "stats.h"

struct plan;
struct names_map;

/* One thread's part of a second. */
struct second_thread {
    uint64_t span_ns; /* how long its intervals lasted; 0: it reported nothing */
    uint64_t end_ns;  /* monotonic */
    struct stats_health health;
    struct hist *lag, *rx_age; /* of its requests, whatever their stream */
    uint64_t *n_inflight;      /* [streams], at the end of its last interval */
};

/* A sample and the thread whose numbers it carries. */
struct second_sample {
    struct stats_sample sample;
    uint32_t thread;
};

struct second {
    uint64_t index;    /* from t0 */
    struct stats *sum; /* of all threads; what finds no memory is counted in its `n_lost` */
    struct second_thread *threads;
    struct second_sample slow[STATS_SLOW_SAMPLES_MOST]; /* the slowest of all threads */
    uint32_t n_slow;
    uint32_t n_err_samples; /* written so far */
    struct second *next;
};

struct seconds {
    const struct plan *plan;
    uint32_t n_threads, n_streams;
    uint64_t t0_ns;
    uint64_t next_index;    /* of the second to be written next */
    uint64_t *reported_ns;  /* [threads]: the end of its last interval; UINT64_MAX: no more will come */
    struct second *pending; /* by index */
    struct second *spare;   /* empty ones */
    struct second *reserve; /* stands in for a second that no thread reported; NULL while it is out */
};

/* -1 when memory is short. `plan` is borrowed. */
int seconds_init(struct seconds *s, const struct plan *plan, uint32_t n_threads);
void seconds_fini(struct seconds *s);

/* The second in which the interval began, created when needed; NULL when memory is short. Also records how
 * far the thread has reported. */
struct second *seconds_of(struct seconds *s, uint32_t thread, const struct stats *stats);
/* Adds a thread's statistics to a second, under the run's instance numbers. */
void second_fill(struct second *second, uint32_t thread, const struct stats *stats,
                 struct names_map *instances);

/* Removes and returns the next second if it is complete, or, with `until_ns` (monotonic) above 0, if it
 * begins before that; else NULL. A second that no thread reported is empty. The caller gives each back before
 * taking the next. */
struct second *seconds_take(struct seconds *s, uint64_t until_ns);
/* Clears it for reuse. */
void seconds_give_back(struct seconds *s, struct second *second);

#endif
