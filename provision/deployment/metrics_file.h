/* cloudwatch.csv of a run folder (results/README.md): what the provider measured during the run. */
#ifndef PROVISION_METRICS_FILE_H
#define PROVISION_METRICS_FILE_H

#include "csv.h"

#include <stddef.h>
#include <stdint.h>

struct err;

struct metrics_file {
    struct csv_writer csv;
    const char *source; /* borrowed: "aws", "local" */
    size_t n_points;
};

/* One point without its value; all pointers are borrowed. */
struct metrics_point {
    const char *namespace, *metric, *statistic, *unit;
    const char *cluster;  /* "": the load balancer as a whole */
    const char *instance; /* "": all of them */
    uint64_t unix_s;      /* start of the period */
    unsigned period_s;
};

int metrics_file_create(struct metrics_file *m, const char *run, const char *source, struct err *e);
void metrics_file_write(struct metrics_file *m, const struct metrics_point *p, double value);
/* Closes it; -1 also for an earlier write that failed. */
int metrics_file_close(struct metrics_file *m, struct err *e);

#endif
