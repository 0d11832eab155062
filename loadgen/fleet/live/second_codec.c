/* version, streams, cells
 * stream: index + 1, its counts, number of statuses, (status, count)..., HTTP/2; 0 ends the list
 * HTTP/2: 0 without any, else 1 and its counts
 * cell: index + 1, late ones, (outcome + 1, count)... 0, (outcome + 1, metric, histogram)... 0; 0 ends the
 * list
 * histogram: see hist_codec.c */
#include "second_codec.h"

#include "hist_codec.h"
#include "plan.h"
#include "stats.h"
#include "stats_query.h"

#include <string.h>

/* The counts of a stream, in the order in which they are written. */
enum { N_STREAM_COUNTS = 15 + N_AGAIN };

static void list_counts(struct stats_stream *s, uint64_t *counts[static N_STREAM_COUNTS])
{
    struct stats_sessions *sessions = &s->sessions;
    uint64_t *const first[N_STREAM_COUNTS - N_AGAIN] = {
        &s->n_intended,       &s->n_backlog_most,     &s->n_sent,
        &s->n_large,          &s->n_conn_new,         &s->bytes[0].rx,
        &s->bytes[0].tx,      &s->bytes[1].rx,        &s->bytes[1].tx,
        &sessions->n_due,     &sessions->n_begun,     &sessions->n_late_paces,
        &sessions->n_renewed, &sessions->n_pool_full, &sessions->n_cookies_dropped,
    };
    memcpy(counts, first, sizeof first);
    for (int cause = 0; cause < N_AGAIN; cause++)
        counts[N_STREAM_COUNTS - N_AGAIN + cause] = &s->again.n[cause];
}

/* The counts of HTTP/2, in the order in which they are written. */
enum { N_HTTP2_COUNTS = 13 + HTTP2_N_RESETS };

static void list_http2(const struct http2_counts *c, uint64_t counts[static N_HTTP2_COUNTS])
{
    const uint64_t first[] = {
        c->n_goaways,        c->n_goaway_errors, c->n_unprocessed, c->n_refused,    c->n_cancels,
        c->n_ended_by_count, c->blocked_ns,      c->goaway_error,  c->n_peer_least, c->n_peer_most,
        c->n_open_most,      c->n_in_use_most,   c->has_limits,
    };
    memcpy(counts, first, sizeof first);
    memcpy(counts + sizeof first / sizeof *first, c->n_resets, sizeof c->n_resets);
}

static bool has_http2(const struct http2_counts *http2)
{
    uint64_t counts[N_HTTP2_COUNTS], sum = 0;
    list_http2(http2, counts);
    for (int i = 0; i < N_HTTP2_COUNTS; i++)
        sum |= counts[i];
    return sum > 0;
}

static void put_http2(struct pack *out, const struct http2_counts *http2)
{
    uint64_t counts[N_HTTP2_COUNTS];
    list_http2(http2, counts);
    pack_number(out, has_http2(http2));
    for (int i = 0; i < N_HTTP2_COUNTS && has_http2(http2); i++)
        pack_number(out, counts[i]);
}

static void put_stream(struct pack *out, size_t index, const struct stats_stream *stream)
{
    struct stats_stream s = *stream;
    uint64_t *counts[N_STREAM_COUNTS];
    uint64_t sum = s.statuses.n + has_http2(&s.http2);
    list_counts(&s, counts);
    for (int i = 0; i < N_STREAM_COUNTS; i++)
        sum |= *counts[i];
    if (sum == 0)
        return;
    pack_number(out, index + 1);
    for (int i = 0; i < N_STREAM_COUNTS; i++)
        pack_number(out, *counts[i]);
    pack_number(out, s.statuses.n);
    for (uint32_t i = 0; i < s.statuses.n; i++) {
        pack_number(out, s.statuses.rows[i].status);
        pack_number(out, s.statuses.rows[i].n);
    }
    put_http2(out, &stream->http2);
}

/* What attempts_time and thresholds look at; see attempts.h. */
static bool has_times(enum outcome outcome)
{
    return outcome == OUTCOME_OK || outcome == OUTCOME_CENSORED;
}

static void put_times(struct pack *out, enum outcome outcome, const struct stats_times *times,
                      uint32_t metrics)
{
    for (uint32_t m = 0; m < N_METRICS; m++) {
        const struct hist *h = times->metrics[m];
        if (!(metrics >> m & 1) || !h || h->n + h->n_lost == 0)
            continue;
        pack_number(out, outcome + 1);
        pack_number(out, m);
        hist_encode(h, out);
    }
}

static bool is_used(const struct stats_cell *cell)
{
    uint64_t sum = cell->n_late;
    for (int o = 0; o < N_OUTCOMES; o++)
        sum |= cell->n_outcomes[o];
    return sum > 0;
}

static void put_cell(struct pack *out, size_t index, const struct stats_cell *cell, uint32_t metrics)
{
    if (!is_used(cell))
        return;
    pack_number(out, index + 1);
    pack_number(out, cell->n_late);
    for (uint32_t o = 0; o < N_OUTCOMES; o++)
        if (cell->n_outcomes[o] > 0) {
            pack_number(out, o + 1);
            pack_number(out, cell->n_outcomes[o]);
        }
    pack_number(out, 0);
    for (uint32_t o = 0; o < N_OUTCOMES; o++)
        if (cell->times[o] && has_times((enum outcome)o))
            put_times(out, (enum outcome)o, cell->times[o], metrics);
    pack_number(out, 0);
}

void second_encode(const struct plan *plan, const struct stats *stats, uint32_t more_metrics,
                   struct pack *out)
{
    pack_number(out, SECOND_CODEC_VERSION);
    pack_number(out, plan->n_streams);
    pack_number(out, plan->n_cells);
    for (size_t s = 0; s < plan->n_streams; s++)
        put_stream(out, s, &stats->streams[s]);
    pack_number(out, 0);
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct plan_stream *stream = &plan->streams[s];
        for (size_t c = 0; c < stream->n_rows * stream->n_phases; c++) {
            const uint32_t metrics = more_metrics | 1u << stats_row_headline(stream, c / stream->n_phases);
            const size_t index = stream->first_cell_index + c;
            put_cell(out, index, &stats->cells[index], metrics);
        }
    }
    pack_number(out, 0);
}

/* --- reading: each function checks alone when `into` is NULL --- */

static struct http2_counts get_http2(struct unpack *in)
{
    struct http2_counts c = { 0 };
    if (unpack_within(in, 1) == 0)
        return c;
    uint64_t *const first[] = { &c.n_goaways, &c.n_goaway_errors,  &c.n_unprocessed, &c.n_refused,
                                &c.n_cancels, &c.n_ended_by_count, &c.blocked_ns };
    uint32_t *const limits[] = { &c.goaway_error, &c.n_peer_least, &c.n_peer_most, &c.n_open_most };
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        *first[i] = unpack_number(in);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        *limits[i] = (uint32_t)unpack_within(in, UINT32_MAX);
    c.n_in_use_most = unpack_number(in);
    c.has_limits = unpack_within(in, 1);
    for (int i = 0; i < HTTP2_N_RESETS; i++)
        c.n_resets[i] = unpack_number(in);
    return c;
}

static void get_stream(struct unpack *in, struct stats_stream *into)
{
    struct stats_stream s = { 0 };
    uint64_t *counts[N_STREAM_COUNTS];
    list_counts(&s, counts);
    for (int i = 0; i < N_STREAM_COUNTS; i++)
        *counts[i] = unpack_number(in);
    const uint64_t n_statuses = unpack_within(in, STATUS_COUNTS_MOST + 1);
    for (uint64_t i = 0; i < n_statuses; i++) {
        const unsigned status = (unsigned)unpack_within(in, UINT16_MAX);
        const uint64_t n = unpack_number(in);
        if (into)
            status_counts_add(&into->statuses, status, n);
    }
    const struct http2_counts http2 = get_http2(in);
    if (!into)
        return;
    http2_counts_merge(&into->http2, &http2);
    uint64_t *sums[N_STREAM_COUNTS];
    list_counts(into, sums);
    for (int i = 0; i < N_STREAM_COUNTS; i++)
        *sums[i] += *counts[i];
}

static void add_hist(struct stats *into, uint32_t cell, enum outcome outcome, uint32_t metric,
                     const struct hist *h)
{
    struct stats_times *times = stats_times(into, cell, outcome);
    struct hist *sum = times ? stats_make_hist(into, &times->metrics[metric]) : NULL;
    if (!sum)
        return;
    hist_merge(sum, h);
    into->n_lost += sum->n_lost;
    sum->n_lost = 0;
}

static void get_cell(struct unpack *in, uint32_t cell, struct second_scratch *scratch, struct stats *into)
{
    const uint64_t n_late = unpack_number(in);
    uint64_t outcome;
    if (into)
        into->cells[cell].n_late += n_late;
    while ((outcome = unpack_within(in, N_OUTCOMES)) > 0) {
        const uint64_t n = unpack_number(in);
        if (into)
            into->cells[cell].n_outcomes[outcome - 1] += n;
    }
    while ((outcome = unpack_within(in, N_OUTCOMES)) > 0) {
        const uint32_t metric = (uint32_t)unpack_within(in, N_METRICS - 1);
        const struct hist h = hist_decode(in, scratch->bins);
        if (into && !in->is_bad)
            add_hist(into, cell, (enum outcome)(outcome - 1), metric, &h);
    }
}

static bool get_all(const uint8_t *bytes, size_t n_bytes, const struct plan *plan,
                    struct second_scratch *scratch, struct stats *into)
{
    struct unpack in = { bytes, bytes + n_bytes, false };
    uint64_t index;
    if (unpack_number(&in) != SECOND_CODEC_VERSION || unpack_number(&in) != plan->n_streams ||
        unpack_number(&in) != plan->n_cells)
        return false;
    while ((index = unpack_within(&in, plan->n_streams)) > 0)
        get_stream(&in, into ? &into->streams[index - 1] : NULL);
    while ((index = unpack_within(&in, plan->n_cells)) > 0)
        get_cell(&in, (uint32_t)index - 1, scratch, into);
    return !in.is_bad && in.at == in.end;
}

int second_decode(const uint8_t *bytes, size_t n_bytes, const struct plan *plan,
                  struct second_scratch *scratch, struct stats *into)
{
    if (!get_all(bytes, n_bytes, plan, scratch, NULL))
        return -1;
    get_all(bytes, n_bytes, plan, scratch, into);
    return 0;
}
