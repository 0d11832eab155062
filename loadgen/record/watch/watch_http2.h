/* What a watch shows of HTTP/2, as metrics. */
#ifndef RECORD_WATCH_HTTP2_H
#define RECORD_WATCH_HTTP2_H

struct openmetrics;
struct watch_facts;

/* Writes nothing when no stream speaks HTTP/2. */
void watch_http2_write(struct openmetrics *m, const struct watch_facts *f);

#endif
