/* The seconds of the run that are not written yet. Each thread's stats goes to the second it began in; a
 * second is complete when every thread has handed over a stats that ends after it, or has nothing more to
 * tell. What is written is given back and used again, so a run of any length needs the same memory for it. */
#ifndef RECORD_SECONDS_H
#define RECORD_SECONDS_H

#include "stats.h"

struct plan;

/* What one thread told of one second. */
struct second_thread {
    uint64_t span_ns; /* how long its stats lasted; 0: it told nothing */
    uint64_t end_ns;  /* monotonic */
    struct stats_health health;
    struct hist *lag, *rx_age;
    uint64_t *n_inflight; /* [streams], at the end of its last stats */
};

/* A sample and the thread whose numbers it carries. */
struct second_sample {
    struct stats_sample sample;
    uint32_t thread;
};

struct second {
    uint64_t index; /* from t0 */
    struct stats *sum;
    struct second_thread *threads;
    struct second_sample slow[STATS_SLOW_SAMPLES_MOST];
    uint32_t n_slow;
    uint32_t n_err_samples; /* written so far */
    struct second *next;
};

struct seconds {
    const struct plan *plan;
    uint32_t n_threads, n_streams;
    uint64_t t0_ns;
    uint64_t next_index;    /* of the second to be written next */
    uint64_t *told_ns;      /* per thread: until when it has told; UINT64_MAX: to the end */
    struct second *pending; /* by index */
    struct second *spare;   /* empty ones */
    struct second *reserve; /* one for a second in which nothing was told; NULL while it is out */
};

/* -1 when memory is short. `plan` is borrowed. */
int seconds_init(struct seconds *s, const struct plan *plan, uint32_t n_threads);
void seconds_fini(struct seconds *s);

/* The second that a thread's stats belongs to; made when needed, NULL when memory is short. Notes how far the
 * thread has told. */
struct second *seconds_of(struct seconds *s, uint32_t thread, const struct stats *stats);

/* Takes the next second out when it is complete, or in any case while it begins before `until_ns` (monotonic;
 * 0: only complete ones). NULL when there is none. A second in which nothing was told is empty. Each is given
 * back before the next is taken. */
struct second *seconds_take(struct seconds *s, uint64_t until_ns);
/* Empties it and keeps it for later. */
void seconds_give_back(struct seconds *s, struct second *second);

#endif
