#include "watch_http2.h"

#include "openmetrics.h"
#include "watch_facts.h"

/* The next stream that speaks HTTP/2, from `i` on; NULL: there is none. */
static const struct watch_stream *next(const struct watch_facts *f, size_t *i)
{
    while (*i < f->n_streams && !f->streams[*i].is_http2)
        ++*i;
    return *i < f->n_streams ? &f->streams[(*i)++] : NULL;
}

static void put_count(struct openmetrics *m, const struct watch_stream *s, const char *label,
                      const char *value, uint64_t n)
{
    openmetrics_count(
        m, "", (const char *const[]){ "stream", s->name, "cluster", s->cluster, label, value, NULL }, n);
}

static void put_events(struct openmetrics *m, const struct watch_facts *f)
{
    const struct watch_stream *s;
    openmetrics_family(m, "loadgen_http2_events", OPENMETRICS_COUNTER, "",
                       "what happened on HTTP/2 connections, warm-up included");
    for (size_t i = 0; (s = next(f, &i));) {
        put_count(m, s, "event", "goaway", http2_counts_goaways(&s->http2));
        put_count(m, s, "event", "goaway_error", s->http2.n_goaway_errors);
        put_count(m, s, "event", "unprocessed", s->http2.n_unprocessed);
        put_count(m, s, "event", "refused", s->http2.n_refused);
        put_count(m, s, "event", "cancelled", s->http2.n_cancels);
        put_count(m, s, "event", "ended_by_count", s->http2.n_ended_by_count);
    }
}

static void put_resets(struct openmetrics *m, const struct watch_facts *f)
{
    const struct watch_stream *s;
    openmetrics_family(m, "loadgen_http2_resets", OPENMETRICS_COUNTER, "",
                       "HTTP/2 streams that the peer reset by error code, warm-up included");
    for (size_t i = 0; (s = next(f, &i));)
        for (uint32_t code = 0; code < HTTP2_N_RESETS; code++)
            if (s->http2.n_resets[code] > 0)
                put_count(m, s, "code", http2_counts_code_name(code), s->http2.n_resets[code]);
}

static void put_streams(struct openmetrics *m, const struct watch_facts *f)
{
    const struct watch_stream *s;
    openmetrics_family(m, "loadgen_http2_held_up_seconds", OPENMETRICS_COUNTER, "seconds",
                       "time of connections in which request bodies waited for the peer's windows");
    for (size_t i = 0; (s = next(f, &i));)
        openmetrics_real(m, "", (const char *const[]){ "stream", s->name, "cluster", s->cluster, NULL },
                         (double)s->http2.blocked_ns / 1e9);
    openmetrics_family(m, "loadgen_http2_streams_open_most", OPENMETRICS_GAUGE, "",
                       "most HTTP/2 streams open at once on a connection");
    for (size_t i = 0; (s = next(f, &i));)
        put_count(m, s, NULL, NULL, s->http2.n_open_most);
    openmetrics_family(m, "loadgen_http2_streams_allowed", OPENMETRICS_GAUGE, "",
                       "HTTP/2 streams that the peer allows a connection, the least");
    for (size_t i = 0; (s = next(f, &i));)
        if (s->http2.n_peer_least > 0)
            put_count(m, s, NULL, NULL, s->http2.n_peer_least);
}

void watch_http2_write(struct openmetrics *m, const struct watch_facts *f)
{
    size_t i = 0;
    if (!next(f, &i))
        return;
    put_events(m, f);
    put_resets(m, f);
    put_streams(m, f);
}
