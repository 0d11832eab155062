/* A run folder in memory: run.json, the histograms of every tag merged over time, and per arm and step of
 * the time axis the headline times and counts. Figures, summaries and comparisons are made from it. Memory
 * depends on tags and steps, not on the length of the run. */
#ifndef DATASET_H
#define DATASET_H

#include "answer_seconds.h"
#include "attempts.h"
#include "counts.h"
#include "hist.h"
#include "metric.h"
#include "run_json.h"
#include "tag_set.h"
#include "time_axis.h"
#include "whole.h"

#include <stdbool.h>
#include <stddef.h>

struct arm;
struct claims;
struct comparison;
struct err;

enum { DATASET_REASON_BYTES = 400 };

struct dataset_tag {
    const struct run_stream *stream;
    const struct run_phase *phase;
    size_t arm;
    bool is_latency; /* headline times of successes of all instances */
    bool is_less_g;  /* the same without the generator's share */
};

struct dataset {
    char *folder; /* owned */
    /* Borrowed; NULL without a comparison. The dataset of a campaign has only folder and comparison. */
    const struct comparison *comparison;
    struct run_json run;
    bool is_running;  /* it goes on or was killed */
    struct arm *arms; /* owned */
    size_t n_arms;
    enum metric
        headline;        /* METRIC_RESPONSE when every arm has a stream with due times, else METRIC_SERVICE */
    struct tag_set tags; /* every tag of hist.hlog, merged over the run */
    struct dataset_tag *roles; /* owned; what the tags refer to, in the order of tags.rows */
    size_t n_roles;
    /* Owned; per arm: headline times of successes, without warm-up, of all streams that count. */
    struct hist **latency;
    /* Owned; per arm: ages of the attempts that the end of the run cut off, of the same streams. */
    struct hist **ages;
    struct attempts
        *attempts; /* owned; per arm: what percentiles count, from `latency`, `ages` and run.json */
    /* Owned; [arm * axis.n_steps + step]: the same with warm-up, and the same without the generator's share;
     * NULL for empty steps. */
    struct hist **by_step, **less_g_by_step;
    struct time_axis axis;
    struct answer_seconds answers; /* by instance */
    struct claims *claims;         /* owned; how far its numbers can be quoted */
    uint64_t lost_n;               /* values that run.json counted and hist.hlog lacks */
    bool hists_truncated;          /* the log's last line was cut short, as when the generator was killed */
    struct counts counts;          /* cells are NULL when intervals.csv could not be read, */
    char no_counts[DATASET_REASON_BYTES]; /* the reason; "" when it was read */
    struct whole whole;                   /* what the files lack */
};

/* Opens a run folder. -1 when run.json or hist.hlog is missing or broken, or they contradict each other.
 * Without intervals.csv only `counts` is missing. Call dataset_fini even on failure. */
int dataset_open(struct dataset *data, const char *folder, struct err *e);
void dataset_fini(struct dataset *data);

/* Whether the stream's times count for its arm: those of streams with the run's headline do, and service
 * times of open streams when the arm has no others. */
bool dataset_stream_counts(const struct dataset *data, const struct run_stream *stream);
/* The attempts of an arm, outside of warm-up, of all streams that count. Borrows the dataset's histograms. */
const struct attempts *dataset_attempts(const struct dataset *data, size_t arm);
/* The same with the times less the generator's share, in a histogram of the caller's. */
struct attempts dataset_attempts_less_g(const struct dataset *data, size_t arm, struct hist *less);
/* The counts of an arm and step; counts.cells must not be NULL. */
const struct counts_cell *dataset_cell(const struct dataset *data, size_t arm, size_t step);
/* The histogram of an arm and step, or NULL. */
const struct hist *dataset_step(const struct dataset *data, size_t arm, size_t step);
/* Number of values in `latency` of all arms. */
uint64_t dataset_latency_n(const struct dataset *data);
/* Unit of the time axis for a run of this length: 1, 60 or 3600 s. */
double dataset_time_unit_s(const struct dataset *data);

#endif
