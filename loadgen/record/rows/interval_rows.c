#include "interval_rows.h"

#include "csv.h"
#include "stats_query.h"

/* The classes of errors in the order of the columns. */
static const enum outcome class_columns[] = {
    OUTCOME_TIMEOUT,    OUTCOME_DROPPED,      OUTCOME_CENSORED,   OUTCOME_STATUS,   OUTCOME_STATUS_4XX,
    OUTCOME_STATUS_5XX, OUTCOME_BALANCER_5XX, OUTCOME_EXPECT,     OUTCOME_CONNECT,  OUTCOME_DNS,
    OUTCOME_TLS,        OUTCOME_RESET,        OUTCOME_RESET_IDLE, OUTCOME_PROTOCOL, OUTCOME_PORTS,
};
_Static_assert(sizeof class_columns / sizeof *class_columns == N_OUTCOMES - 1,
               "every class but ok has a column");

static void percentile(struct csv_writer *w, const struct hist *h, uint32_t p_ppm)
{
    csv_us_if(w, h->n > 0, hist_value_at_ppm(h, p_ppm));
}

static void counts(struct csv_writer *w, const struct stats_counts *ends)
{
    csv_u64(w, ends->n_done);
    csv_u64(w, ends->n_ok);
    csv_u64(w, ends->n_err);
    for (size_t i = 0; i < sizeof class_columns / sizeof *class_columns; i++)
        csv_u64(w, ends->n_outcomes[class_columns[i]]);
}

/* Over all attempts that ended in the second; a percentile that is no exact time is an empty cell. */
static void headlines(struct csv_writer *w, const struct stats *sum, const struct stats_scope *scope,
                      struct hist *const scratch[2])
{
    static const uint32_t p_ppm[] = { 500000, 900000, 990000, 999000, 1000000 };
    const struct attempts a = stats_attempts(sum, scope, scratch);
    for (size_t i = 0; i < sizeof p_ppm / sizeof *p_ppm; i++) {
        const struct attempt_time time = attempts_time(&a, p_ppm[i]);
        csv_us_if(w, time.state == ATTEMPT_EXACT, time.value_ns);
    }
}

/* Only requests that were sent have these. */
static void parts(struct csv_writer *w, const struct stats *sum, const struct stats_scope *scope,
                  struct hist *scratch)
{
    const struct hist *h = stats_values(sum, scope, METRIC_SERVICE, scratch);
    percentile(w, h, 500000);
    percentile(w, h, 990000);
    h = stats_values(sum, scope, METRIC_LAG, scratch);
    percentile(w, h, 500000);
    percentile(w, h, 990000);
    csv_us_if(w, h->n > 0, h->max_ns);
    percentile(w, stats_values(sum, scope, METRIC_CONN_WAIT, scratch), 990000);
}

static void empty(struct csv_writer *w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        csv_empty(w);
}

static void again(struct csv_writer *w, const struct again_counts *counts)
{
    for (int cause = 0; cause < N_AGAIN; cause++)
        csv_u64(w, counts->n[cause]);
}

/* Only a stream as a whole has these, and only over HTTP/2. */
static void http2(struct csv_writer *w, const struct http2_counts *counts)
{
    if (!counts) {
        empty(w, 9);
        return;
    }
    csv_u64(w, counts->n_goaways);
    csv_u64(w, counts->n_goaway_errors);
    csv_u64(w, counts->n_unprocessed);
    csv_u64(w, counts->n_refused);
    csv_u64(w, http2_counts_resets(counts));
    csv_u64(w, counts->n_cancels);
    csv_u64(w, counts->n_ended_by_count);
    csv_s(w, counts->blocked_ns);
    csv_u64(w, counts->n_open_most);
}

static void place(struct csv_writer *w, const struct plan_stream *stream, const struct interval_row *row,
                  const char *step)
{
    csv_u64(w, row->second);
    csv_s(w, row->length_ns);
    csv_text(w, stream->name);
    csv_text(w, step);
    csv_text(w, stream->cluster);
    csv_text(w, stream->phases[row->phase].name);
    csv_u64(w, stream->phases[row->phase].warmup);
    csv_u64(w, row->partial);
}

/* What belongs to the stream as a whole is empty. */
static void write_step(struct csv_writer *w, const struct plan_stream *stream, const struct interval_row *row,
                       const struct stats *sum, const struct stats_scope *scope,
                       struct hist *const scratch[2])
{
    struct stats_counts ends;
    stats_count(sum, scope, &ends);
    if (ends.n_done + ends.n_censored + ends.n_outcomes[OUTCOME_RESET_IDLE] == 0)
        return;
    place(w, stream, row, scope->row->name);
    empty(w, 2); /* intended, sent */
    counts(w, &ends);
    empty(w, 4); /* in flight, connections, bytes */
    headlines(w, sum, scope, scratch);
    parts(w, sum, scope, scratch[0]);
    empty(w, N_AGAIN);
    http2(w, NULL);
    csv_end_row(w);
}

void interval_rows_write(struct csv_writer *w, const struct plan *plan, const struct interval_row *row,
                         const struct stats *sum, struct hist *const scratch[2])
{
    const struct plan_stream *stream = &plan->streams[row->stream];
    const struct stats_stream *sums = &sum->streams[row->stream];
    struct stats_scope scope = { .plan = plan, .streams = UINT64_C(1) << row->stream, .with_warmup = true };
    struct stats_counts ends;

    for (size_t i = 0; stream->rows && i < stream->n_rows; i++) {
        scope.row = &stream->rows[i];
        write_step(w, stream, row, sum, &scope, scratch);
    }
    scope.row = NULL;
    stats_count(sum, &scope, &ends);
    place(w, stream, row, "");
    csv_u64_if(w, plan_stream_has_due(stream), sums->n_intended);
    csv_u64(w, sums->n_sent);
    counts(w, &ends);
    csv_u64(w, row->n_inflight);
    csv_u64(w, sums->n_conn_new);
    csv_u64(w, sums->bytes[false].rx + sums->bytes[true].rx);
    csv_u64(w, sums->bytes[false].tx + sums->bytes[true].tx);
    headlines(w, sum, &scope, scratch);
    parts(w, sum, &scope, scratch[0]);
    again(w, &sums->again);
    http2(w, plan_is_http2(plan, stream) ? &sums->http2 : NULL);
    csv_end_row(w);
}
