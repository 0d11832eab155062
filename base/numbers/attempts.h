/* Percentiles over all attempts: the time within which so many per cent of them got a good answer. A failure
 * ranks above every success, whatever its own time; an attempt that the end of the run cut off lasts at least
 * its age. So a percentile is a time, a bound, or no time at all, and a target that drops its slow requests
 * does not look fast.
 *
 * With r the nearest rank among n = ok + failed + censored: `low` is the r-th smallest of the good times and
 * the ages together, `high` the r-th smallest good time; each is absent if there are fewer than r. The time
 * is exact if both lie in one bin of the histograms, a lower bound if only `low` is known, and none if
 * neither is. Nothing is assumed of attempts that were cut off. */
#ifndef BASE_ATTEMPTS_H
#define BASE_ATTEMPTS_H

#include <stdint.h>

struct hist;

/* The attempts of some streams and phases; the histograms are borrowed and may be NULL when empty. */
struct attempts {
    const struct hist *ok;       /* times of good answers */
    const struct hist *censored; /* ages of attempts cut off by the end of the run */
    uint64_t n_censored;         /* at least censored->n; the others have an age of 0 */
    uint64_t n_failed;           /* all failures, n_timeout among them */
    uint64_t n_timeout;
    uint64_t timeout_ns; /* the shortest timeout among the streams; 0: unknown */
};

enum attempt_state {
    ATTEMPT_EXACT,    /* value_ns */
    ATTEMPT_AT_LEAST, /* at_least_ns: it is not known how long those cut off would have taken */
    ATTEMPT_FAILED,   /* among failures; at_least_ns is the timeout if all of them timed out, else 0 */
    ATTEMPT_NONE,     /* no attempts */
};

struct attempt_time {
    enum attempt_state state;
    uint64_t value_ns, at_least_ns; /* 0 unless the state says otherwise */
};

uint64_t attempts_n_ok(const struct attempts *a);
uint64_t attempts_n(const struct attempts *a);
/* The percentile, by nearest rank (hist_rank). */
struct attempt_time attempts_time(const struct attempts *a, uint32_t p_ppm);
/* The time of the 1-based rank, which must be in 1..attempts_n. */
struct attempt_time attempts_time_of_rank(const struct attempts *a, uint64_t rank);
/* How many good answers took at most this long, to the width of a bin: goodput within a limit is this over
 * attempts_n. */
uint64_t attempts_n_within(const struct attempts *a, uint64_t limit_ns);

/* "exact", "at_least", "failed"; "" for ATTEMPT_NONE. As in files; constant. */
const char *attempt_state_name(enum attempt_state state);
/* The state of that name, ATTEMPT_NONE for any other text. */
enum attempt_state attempt_state_find(const char *name);
/* "59.8 ms", ">= 41 ms", "> 1.00 s", "none" (failed), "-" (no attempts). Returns `out`, which has
 * UNITS_TEXT_BYTES. */
const char *attempt_time_text(struct attempt_time time, char *out);

#endif
