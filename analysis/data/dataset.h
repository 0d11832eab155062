/* A run folder in memory: run.json, the histograms of every tag merged over time, the headline times of every
 * arm per step of the time axis, and the counts per step. What figures, summaries and comparisons are made
 * of. Memory is bounded by tags and steps, not by the length of the run. */
#ifndef DATASET_H
#define DATASET_H

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
struct comparison;
struct err;
struct timeline;

enum { DATASET_REASON_BYTES = 400 };

struct dataset_tag {
    const struct run_stream *stream;
    const struct run_phase *phase;
    size_t arm;
    uint64_t exact_max_ns; /* as run.json has it; 0 when it does not */
    bool is_latency; /* headline times of successes, as against other metrics, errors and single instances */
    bool is_less_g;  /* the same times without the generator's share */
};

struct dataset {
    char *folder; /* owned */
    /* Borrowed; NULL when nobody compared. The dataset of a campaign has nothing but folder and comparison.
     */
    const struct comparison *comparison;
    struct run_json run;
    bool is_running;  /* it has not ended, or was killed: run.json is older than the other files */
    struct arm *arms; /* owned */
    size_t n_arms;
    enum metric headline;      /* METRIC_RESPONSE when every arm has an open stream, else METRIC_SERVICE */
    struct tag_set tags;       /* every tag of hist.hlog, merged over the run */
    struct dataset_tag *roles; /* owned; what the tags' names stand for, in the order of tags.rows */
    size_t n_roles;
    struct hist *
        *latency; /* owned; per arm: headline, `ok`, all phases but warm-up, all streams that count */
    struct timeline *
        *seconds; /* owned; per arm: the same as `latency` by seconds with requests, numbered without gaps */
    struct timeline **seconds_less_g; /* owned; per arm: the same without the generator's share */
    struct hist **by_step; /* owned; [arm * axis.n_steps + step]: the same with warm-up; NULL where nothing
                              was recorded */
    struct time_axis axis;
    uint64_t lost_n;      /* values that run.json counted and hist.hlog lacks */
    bool hists_truncated; /* the log's last line was cut short, as when the generator was killed */
    struct counts counts; /* cells are NULL when intervals.csv could not be read, */
    char no_counts[DATASET_REASON_BYTES]; /* and this says why */
    struct whole whole;                   /* what its files lack */
};

/* Opens a run folder. -1 with a sentence when run.json or hist.hlog is missing or broken, or the two
 * contradict each other. A missing intervals.csv costs only what is drawn from it. Call dataset_fini in every
 * case. */
int dataset_open(struct dataset *data, const char *folder, struct err *e);
void dataset_fini(struct dataset *data);

/* Whether the stream's times are among its arm's: those of streams with the run's headline are, and service
 * times of open streams where the arm has no other. */
bool dataset_stream_counts(const struct dataset *data, const struct run_stream *stream);
/* The cell of counts of an arm and step; counts.cells must not be NULL. */
const struct counts_cell *dataset_cell(const struct dataset *data, size_t arm, size_t step);
/* The histogram of an arm and step, or NULL. */
const struct hist *dataset_step(const struct dataset *data, size_t arm, size_t step);
/* How many values all the arms' `latency` hold. */
uint64_t dataset_latency_n(const struct dataset *data);
/* 1, 60 or 3600: the unit of the time axis that suits the run's length. */
double dataset_time_unit_s(const struct dataset *data);

#endif
