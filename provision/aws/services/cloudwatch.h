/* Metrics: many series by GetMetricData, whose pages and partial results are joined by the series' id. */
#ifndef PROVISION_CLOUDWATCH_H
#define PROVISION_CLOUDWATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aws_client;
struct err;

enum { CLOUDWATCH_DIMENSIONS_MOST = 2, CLOUDWATCH_SERIES_AT_ONCE = 500 };

struct cloudwatch_point {
    int64_t time_s; /* since the epoch: the start of the period */
    double value;
};

struct cloudwatch_series {
    const char *namespace;
    const char *metric;
    const char *statistic; /* "Sum", "Average", "p95" */
    unsigned period_s;
    struct cloudwatch_dimension {
        const char *name;
        const char *value;
    } dimensions[CLOUDWATCH_DIMENSIONS_MOST]; /* exactly as published: any other combination has no points */
    size_t n_dimensions;
    struct cloudwatch_point *points; /* owned; sorted by time, without repeats */
    size_t n_points;
    bool complete; /* CloudWatch said so on the last page */
};

/* Reads all series for [start_s, end_s), replacing their points; both ends are multiples of 60. */
int cloudwatch_get(struct aws_client *c, struct cloudwatch_series *series, size_t n, int64_t start_s,
                   int64_t end_s, struct err *e);
void cloudwatch_series_fini(struct cloudwatch_series *series);

#endif
