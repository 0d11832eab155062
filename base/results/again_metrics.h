/* Requests that were sent again, as a metric: the same while a run is watched and of a finished run. */
#ifndef BASE_AGAIN_METRICS_H
#define BASE_AGAIN_METRICS_H

#include <stddef.h>

struct again_counts;
struct openmetrics;

/* All borrowed. */
struct again_metrics_stream {
    const char *run; /* NULL: without this label */
    const char *name, *cluster;
    const struct again_counts *counts;
};

void again_metrics_begin(struct openmetrics *m);
void again_metrics_stream(struct openmetrics *m, const struct again_metrics_stream *s);

#endif
