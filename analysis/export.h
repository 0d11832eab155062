/* Exports a run's numbers for other tools: JSON, CSV of histogram bins, HdrHistogram's percentile text
 * (.hgrm), OpenMetrics. Percentiles are over all attempts outside of warm-up. */
#ifndef EXPORT_H
#define EXPORT_H

#include <stddef.h>
#include <stdio.h>

struct dataset;
struct err;

/* One object: the run, and per cluster counts, rate, and percentiles in microseconds with the level of each.
 */
int export_json(FILE *out, const struct dataset *data, struct err *e);
/* `cluster,class,lo_us,hi_us,count_n`: every bin of the good times, of the ages of attempts cut off, and,
 * without times, the number of failures. */
void export_csv(FILE *out, const struct dataset *data);
/* Value in ms of the good times, percentile of all attempts, total count, 1/(1-percentile) of one cluster:
 * five ticks per halving of the tail, as in HdrHistogram (Java,
 * AbstractHistogram.outputPercentileDistribution). */
void export_hgrm(FILE *out, const struct dataset *data, size_t arm);
/* export_openmetrics.c: OpenMetrics 1.0 text: a summary of times and counters of requests per cluster
 * (https://openmetrics.io), and what HTTP/2 streams counted. */
void export_openmetrics(FILE *out, const struct dataset *data);

#endif
