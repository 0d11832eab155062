/* How far each number of a run can be quoted. A claim is the rate or a percentile of one cluster, one stream
 * or one row of a session stream; its level states whether loadgen itself may have caused it:
 *
 *   ok          quote it
 *   warn        known to about 20 % or 0.2 ms, or, for a rate, "at least"
 *   invalid     may be loadgen's own doing
 *   not_judged  what loadgen added cannot be seen, or there are too few requests
 *
 * The generator's share of a percentile, G = 1 - Q(times without its part) / Q(times), is a lower bound: what
 * its stops make the target queue counts as the target's. Everything is computed from the description of the
 * run, so that a run in memory and its files give the same claims to the digit. */
#ifndef BASE_CLAIMS_H
#define BASE_CLAIMS_H

#include "attempts.h"
#include "metric.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct derived_run;
struct err;
struct threshold;

/* By severity, so that the larger one is the worse. */
enum claim_level { CLAIM_OK, CLAIM_NOT_JUDGED, CLAIM_WARN, CLAIM_INVALID, N_CLAIM_LEVELS };

enum claim_what { CLAIM_RATE, CLAIM_P50, CLAIM_P90, CLAIM_P99, CLAIM_P999, N_CLAIMS };

#define CLAIM_WHY_OWN "part of it is loadgen's own"

struct claim {
    enum claim_level level;
    const char *why;   /* the reason for the level, a constant phrase such as CLAIM_WHY_OWN; "" when ok */
    double rate_per_s; /* CLAIM_RATE: good answers per measured second; NAN: nothing was measured */
    struct attempt_time time; /* the percentiles */
    double generator_share;   /* of the time, at least: 0 to 1; NAN: unknown, or not a time */
    uint64_t generator_ns;    /* the same as a time */
    bool is_few;              /* fewer than ten requests beyond the percentile */
};

/* A cluster, one of its streams, or a row of one. A cluster merges the streams of its headline metric. */
struct claim_row {
    const char *cluster;
    const char *stream;   /* NULL: the cluster */
    const char *step;     /* NULL: the stream; all three borrowed from the description */
    enum metric headline; /* of its times; METRIC_BUSY: attempts are passes of a session */
    uint64_t n, n_ok, n_failed, n_timeout, n_censored; /* attempts: n is the sum of ok, failed and censored */
    uint64_t n_late;    /* good answers after the planned end: in the percentiles, not in the rate */
    uint64_t active_ns; /* measured time: without pauses and warm-up */
    struct claim claims[N_CLAIMS];
};

struct claims {
    struct claim_row *rows; /* owned: the clusters that have streams, then the streams, in order */
    size_t n_rows;
    struct claim_row *steps; /* owned: the rows of session streams, stream by stream */
    size_t n_steps;
};

/* Judges the run. Names are borrowed from the description; free with claims_free. NULL and a sentence when
 * memory is short. */
struct claims *claims_new(const struct derived_run *run, struct err *e);
void claims_free(struct claims *claims);

/* The row of a cluster, or NULL. */
const struct claim_row *claims_cluster(const struct claims *claims, const char *cluster);
/* The worst level of all rows and steps. */
enum claim_level claims_worst(const struct claims *claims);
/* The level of a number that has no claim of its own: a percentile between the quoted ones takes the level of
 * the next higher one, a maximum (1 000 000) that of p99.9; p_ppm 0 is the rate. `scope` is a cluster's name,
 * a stream's, "stream/step", or "" for the worst of all clusters. NULL: nothing of that name. */
const struct claim *claims_at(const struct claims *claims, const char *scope, uint32_t p_ppm);

/* The claim that a threshold rests on, see claim_what_of. One that holds a time down and was met rests on the
 * rate alone: loadgen's part only lengthens times, so they are no excuse for a threshold that was met in
 * spite of it, if the load was what it should be. */
const struct claim *claims_threshold(const struct claims *claims, const struct threshold *threshold,
                                     bool is_met);

/* CLAIM_RATE for 0; the claim of the lowest quoted percentile that is not below `p_ppm`, else CLAIM_P999. */
enum claim_what claim_what_at(uint32_t p_ppm);
/* What a threshold rests on: a mean on p99, a maximum on p99.9, a share of errors on the rate. */
enum claim_what claim_what_of(const struct threshold *threshold);
/* 0 for CLAIM_RATE. */
uint32_t claim_ppm(enum claim_what what);
/* "rate", "p50", "p90", "p99", "p99.9"; constant. */
const char *claim_name(enum claim_what what);
/* "ok", "warn", "invalid", "not_judged"; constant. */
const char *claim_level_name(enum claim_level level);
/* The level of that name; CLAIM_NOT_JUDGED for any other text. */
enum claim_level claim_level_find(const char *name);
/* "", "~", "!", "?": what stands behind a number of that level; constant. */
const char *claim_mark(enum claim_level level);
/* What stands behind a claim's number in tables: the same, "*" if it rests on too few requests, and "" where
 * there is no number, since failures are not loadgen's doing. Constant. */
const char *claim_shown_mark(const struct claim *claim, enum claim_what what);

#endif
