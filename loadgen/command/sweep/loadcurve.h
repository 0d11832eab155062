/* The latency-against-load curve: one point per run of a sweep, read back from that run's folder and appended
 * to loadcurve.csv. */
#ifndef COMMAND_LOADCURVE_H
#define COMMAND_LOADCURVE_H

#include "csv.h"
#include "sweep_result.h"

#include <stdbool.h>
#include <stdint.h>

struct err;

struct loadcurve_point {
    const char *cluster;
    double offered_per_s;
    double achieved_per_s; /* ok answers of the measured phase */
    double p99_s;          /* NAN when nothing was answered */
    bool is_held;          /* every threshold was met */
    const char *verdict;   /* OK, WARN or INVALID: constant string */
    enum sweep_result result;
};

int loadcurve_create(struct csv_writer *w, const char *folder, struct err *e);

/* Reads the run in FOLDER/`run` (percentiles.csv, run.json, intervals.csv), fills what `point` says of it
 * besides cluster and offered rate, and writes its rows. */
int loadcurve_add(struct csv_writer *w, const char *folder, const char *run, uint64_t measured_ns,
                  struct loadcurve_point *point, struct err *e);

#endif
