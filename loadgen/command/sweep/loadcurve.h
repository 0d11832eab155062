/* The latency-against-load curve: one point per run of a sweep, read back from that run's folder and appended
 * to loadcurve.csv. */
#ifndef COMMAND_LOADCURVE_H
#define COMMAND_LOADCURVE_H

#include "attempts.h"
#include "csv.h"
#include "step_judge.h"

struct err;

enum { LOADCURVE_TIMES_MOST = 16 };

/* A percentile of the cluster as a whole. */
struct loadcurve_time {
    uint64_t p_ppm, n;
    enum attempt_state state;
    double value_us, at_least_us, lo_us, hi_us; /* -1: unknown */
};

struct loadcurve_point {
    const char *cluster;
    double offered_per_s;
    struct step_judged step;
    struct attempt_time p99; /* of all attempts */
    struct loadcurve_time times[LOADCURVE_TIMES_MOST];
    size_t n_times;
};

int loadcurve_create(struct csv_writer *w, const char *folder, struct err *e);

/* Reads the run in FOLDER/`run` (percentiles.csv, run.json, intervals.csv), fills what `point` says of it
 * besides cluster and offered rate, and writes its rows. */
int loadcurve_add(struct csv_writer *w, const char *folder, const char *run, struct loadcurve_point *point,
                  struct err *e);

#endif
