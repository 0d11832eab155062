#include "http2_metrics.h"

#include "http2_counts.h"
#include "openmetrics.h"

#include <math.h>

struct source {
    struct openmetrics *m;
    http2_metrics_stream_fn *stream;
    const void *streams;
    size_t n;
};

/* The next stream that speaks HTTP/2, from `*i` on. */
static bool next(const struct source *from, size_t *i, struct http2_metrics_stream *s)
{
    while (*i < from->n)
        if (from->stream(from->streams, (*i)++, s))
            return true;
    return false;
}

/* A label without a name ends the list. */
#define LABELS(s, label, value)                                                                              \
    ((const char *const[]){ "run", (s)->run, "stream", (s)->name, "cluster", (s)->cluster, label, value,     \
                            NULL })

static void put_events(const struct source *from)
{
    openmetrics_family(from->m, "loadgen_http2_events", OPENMETRICS_COUNTER, "",
                       "what happened on HTTP/2 connections, warm-up included");
    struct http2_metrics_stream s;
    for (size_t i = 0; next(from, &i, &s);) {
        const struct {
            const char *name;
            uint64_t n;
        } events[] = {
            { "goaway", s.counts->n_goaways },          { "goaway_error", s.counts->n_goaway_errors },
            { "unprocessed", s.counts->n_unprocessed }, { "refused", s.counts->n_refused },
            { "cancelled", s.counts->n_cancels },       { "ended_by_count", s.counts->n_ended_by_count },
        };
        for (size_t k = 0; k < sizeof events / sizeof *events; k++)
            openmetrics_count(from->m, "", LABELS(&s, "event", events[k].name), events[k].n);
    }
}

static void put_resets(const struct source *from)
{
    openmetrics_family(from->m, "loadgen_http2_resets", OPENMETRICS_COUNTER, "",
                       "HTTP/2 streams that the peer reset by error code, warm-up included");
    struct http2_metrics_stream s;
    for (size_t i = 0; next(from, &i, &s);)
        for (uint32_t code = 0; code < HTTP2_N_RESETS; code++)
            if (s.counts->n_resets[code] > 0)
                openmetrics_count(from->m, "", LABELS(&s, "code", http2_counts_code_name(code)),
                                  s.counts->n_resets[code]);
}

static double held_up_s(const struct http2_metrics_stream *s)
{
    return (double)s->counts->blocked_ns / 1e9;
}

static double n_asked(const struct http2_metrics_stream *s)
{
    return (double)s->streams_per_connection;
}

/* NAN: the peer has not said. */
static double n_allowed(const struct http2_metrics_stream *s)
{
    const uint32_t n = s->counts->n_peer_least;
    return !s->counts->has_limits ? NAN : n == UINT32_MAX ? INFINITY : (double)n;
}

static double n_open_most(const struct http2_metrics_stream *s)
{
    return s->counts->n_open_most;
}

static double n_in_use_most(const struct http2_metrics_stream *s)
{
    return (double)s->counts->n_in_use_most;
}

static const struct number_family {
    const char *name;
    enum openmetrics_type type;
    const char *unit, *help;
    double (*number)(const struct http2_metrics_stream *s);
} number_families[] = {
    { "loadgen_http2_held_up_seconds", OPENMETRICS_COUNTER, "seconds",
      "time of connections in which request bodies waited for the peer's windows", held_up_s },
    { "loadgen_http2_streams_asked", OPENMETRICS_GAUGE, "",
      "HTTP/2 streams that were asked for on each connection", n_asked },
    { "loadgen_http2_streams_allowed", OPENMETRICS_GAUGE, "",
      "HTTP/2 streams that the peer allows a connection, the least; +Inf: any number", n_allowed },
    { "loadgen_http2_streams_open_most", OPENMETRICS_GAUGE, "",
      "most HTTP/2 streams open at once on a connection", n_open_most },
    { "loadgen_http2_requests_open_most", OPENMETRICS_GAUGE, "",
      "most requests open at once on all HTTP/2 connections", n_in_use_most },
};

static void put_numbers(const struct source *from, const struct number_family *family)
{
    openmetrics_family(from->m, family->name, family->type, family->unit, family->help);
    struct http2_metrics_stream s;
    for (size_t i = 0; next(from, &i, &s);) {
        const double number = family->number(&s);
        if (!isnan(number))
            openmetrics_real(from->m, "", LABELS(&s, NULL, NULL), number);
    }
}

void http2_metrics_write(struct openmetrics *m, http2_metrics_stream_fn *stream, const void *source, size_t n)
{
    const struct source from = { m, stream, source, n };
    struct http2_metrics_stream ignored;
    if (!next(&from, &(size_t){ 0 }, &ignored))
        return;
    put_events(&from);
    put_resets(&from);
    for (size_t k = 0; k < sizeof number_families / sizeof *number_families; k++)
        put_numbers(&from, &number_families[k]);
}
