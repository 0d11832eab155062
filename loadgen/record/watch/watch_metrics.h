/* A run's facts as metrics. Names and meaning are those of `loadgen analysis export --format openmetrics`
 * where both have them. */
#ifndef RECORD_WATCH_METRICS_H
#define RECORD_WATCH_METRICS_H

#include <stdbool.h>
#include <stdio.h>

struct watch_facts;

/* `facts` may be NULL: no run has begun. */
void watch_metrics_write(FILE *out, const struct watch_facts *facts, bool is_classic);

#endif
