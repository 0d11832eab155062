/* What streams counted of HTTP/2, as metrics: the same families while a run is watched and of a finished run.
 */
#ifndef BASE_HTTP2_METRICS_H
#define BASE_HTTP2_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http2_counts;
struct openmetrics;

/* All borrowed. */
struct http2_metrics_stream {
    const char *run; /* NULL: without this label */
    const char *name, *cluster;
    uint64_t streams_per_connection; /* asked for */
    const struct http2_counts *counts;
};

/* Fills in stream `i`; false: it does not speak HTTP/2. */
typedef bool http2_metrics_stream_fn(const void *source, size_t i, struct http2_metrics_stream *s);

/* Writes nothing when none of the `n` streams speaks HTTP/2. */
void http2_metrics_write(struct openmetrics *m, http2_metrics_stream_fn *stream, const void *source,
                         size_t n);

#endif
