#include "watch_http2.h"

#include "http2_metrics.h"
#include "watch_facts.h"

static bool stream_of(const void *facts, size_t i, struct http2_metrics_stream *s)
{
    const struct watch_stream *from = &((const struct watch_facts *)facts)->streams[i];
    *s = (struct http2_metrics_stream){ .name = from->name,
                                        .cluster = from->cluster,
                                        .streams_per_connection = from->streams_per_connection,
                                        .counts = &from->http2 };
    return from->streams_per_connection > 0;
}

void watch_http2_write(struct openmetrics *m, const struct watch_facts *f)
{
    http2_metrics_write(m, stream_of, f, f->n_streams);
}
