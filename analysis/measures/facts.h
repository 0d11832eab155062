/* The numbers of an arm that every table shows: how many requests, how many failed, over how long. They are
 * run.json's exact counts, whatever a log that was cut short may lack. Warm-up is left out. */
#ifndef FACTS_H
#define FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct dataset;
struct run_json;

struct facts {
    uint64_t ok_n;
    uint64_t err_n; /* 0 and err_known false without intervals.csv */
    bool err_known;
    double active_s; /* during which at least one stream of the arm was in a phase other than pause and
                        warm-up */
    double per_s;    /* ok_n / active_s; NAN when nothing was active */
};

/* For how long streams sent: pauses and warm-up left out, time that several share counted once. Of one
 * cluster, or of all when it is NULL; of the streams of that name or of the cluster of that name, or of all
 * for "". */
double facts_active_s(const struct run_json *run, const char *cluster, const char *scope);

struct facts facts_of_arm(const struct dataset *data, size_t arm);

/* Writes the successful requests per second of each whole step of the axis to `per_s`, which holds
 * axis.n_steps; returns how many. Steps that the run or a phase did not fill are left out, as are warm-up and
 * pauses. 0 without intervals.csv. */
size_t facts_whole_seconds(const struct dataset *data, size_t arm, double *per_s);

/* 1e3, 1e6 or 1e9 ns and "us", "ms" or "s": the unit in which all the arms' medians are handy numbers. */
struct facts_unit {
    const char *name;
    double ns;
};
struct facts_unit facts_unit(const struct dataset *data);

/* "service time" or "response time". */
const char *facts_headline_words(const struct dataset *data);

/* A title that compares the second arm with the first without claiming more than one run can: "In this run t2
 * took 1.45 (p50) and 1.41 (p99) times as long as m4". With one arm, its own median and 99th percentile. */
void facts_sentence(FILE *out, const struct dataset *data);

#endif
