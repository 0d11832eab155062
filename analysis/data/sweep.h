/* A sweep folder in memory: the steps of its curve, and the highest rate that each cluster sustains. */
#ifndef SWEEP_H
#define SWEEP_H

#include "attempts.h"
#include "claims.h"
#include "run_json.h"
#include "sweep_result.h"

#include <stddef.h>
#include <stdio.h>

struct err;

enum { SWEEP_P50, SWEEP_P99, N_SWEEP_TIMES };
enum { SWEEP_TIME_TEXT_BYTES = 40 };

/* A percentile over all attempts of a step. */
struct sweep_time {
    enum attempt_state state;
    double value_ms, at_least_ms; /* NAN where unknown */
    enum claim_level level;
};

struct sweep_step {
    char *run;                            /* owned; its folder within the sweep's */
    size_t cluster;                       /* index */
    double offered_per_s, achieved_per_s; /* achieved: good answers */
    uint64_t n, n_failed, n_censored;     /* attempts */
    struct sweep_time times[N_SWEEP_TIMES];
    enum sweep_result result;
    enum claim_level rate_level;
};

struct sweep_cluster {
    char name[40], series[96]; /* series: "m4 (cluster1)" */
    int style;
    double first_per_s;    /* the lowest rate tried */
    double sustains_per_s; /* the highest that held; NAN: none did */
    double fails_per_s;    /* the lowest above it that did not; NAN: none was tried */
    enum sweep_result why;
};

struct sweep {
    struct sweep_step *steps; /* owned; by cluster in the file's order, then by rate */
    size_t n_steps;
    struct sweep_cluster *clusters; /* owned */
    size_t n_clusters;
    struct run_json first; /* of the first step; `root` is NULL when its folder is gone */
    size_t n_lost;         /* completed steps that the curve lacks, */
    char lost[96];         /* and one of them, printable */
};

/* Reads FOLDER/loadcurve.csv and the first step's run.json. -1 when the curve is broken. Call sweep_fini
 * even on failure. */
int sweep_open(struct sweep *s, const char *folder, struct err *e);
void sweep_fini(struct sweep *s);

/* "2.31", ">= 41", "> 1 000" in ms, "none" when they failed, "-" when unknown, with the mark of its level.
 * Returns `out`, which has SWEEP_TIME_TEXT_BYTES. */
const char *sweep_time_text(const struct sweep_time *time, char *out);
/* The answer in one sentence: what each cluster sustains. */
void sweep_sentence(FILE *out, const struct sweep *s);
/* How reliable it is: the rates between which each limit lies, how often and how long each was tried. */
void sweep_doubts(FILE *out, const struct sweep *s);
/* The steps as a table for the terminal; -1 when out of memory. */
int sweep_print(FILE *out, const struct sweep *s);

#endif
