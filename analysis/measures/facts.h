/* The numbers of an arm that every table shows: requests, failures, active time. Exact counts of run.json,
 * even when a log was cut short. Without warm-up. */
#ifndef FACTS_H
#define FACTS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct dataset;
struct run_json;

struct facts {
    uint64_t ok_n; /* good answers */
    double per_s;  /* good answers per measured second; NAN when nothing was measured */
};

/* How long streams were active, without pauses and warm-up; overlapping times count once. `cluster` NULL:
 * of all clusters; `scope` is the name of a stream or cluster, or "" for all. */
double facts_active_s(const struct run_json *run, const char *cluster, const char *scope);

struct facts facts_of_arm(const struct dataset *data, size_t arm);

/* Writes the numbers of the whole measured steps of the axis to `step`, which holds axis.n_steps; returns how
 * many. Steps that the run or a phase did not fill are left out, as are warm-up and pauses. 0 without
 * intervals.csv. */
size_t facts_whole_steps(const struct dataset *data, size_t arm, size_t *step);
/* The unit in which the medians of all arms are handy: "us", "ms" or "s". */
struct facts_unit {
    const char *name;
    double ns;
};
struct facts_unit facts_unit(const struct dataset *data);

/* "service time" or "response time". */
const char *facts_headline_words(const struct dataset *data);

#endif
