#include "killed_seconds.h"

#include "csv.h"
#include "err.h"
#include "json_want.h"
#include "run_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { T_S, LENGTH, STREAM, WARMUP, INTENDED, SENT, DONE, OK, ERR, RX, TX, N_COLUMNS, NAME_BYTES = 32 };

enum { GOAWAYS, GOAWAY_ERRORS, UNPROCESSED, REFUSED, CANCELS, BY_COUNT, OPEN_MOST, HELD_UP, N_HTTP2_COLUMNS };

/* The reader with the second that it is in, which counts once it is whole. */
struct reading {
    struct csv_reader csv;
    int columns[N_COLUMNS];
    int by_outcome[N_OUTCOMES];
    int http2_columns[N_HTTP2_COLUMNS]; /* -1: the file has none */
    int again_columns[N_AGAIN];         /* the same */
    int step_column;
    uint64_t second;
    double length_s;
    size_t n_rows;
    struct killed_stream *rows; /* owned; of the second, by stream */
};

static void find_http2_columns(struct reading *r)
{
    static const char *const names[N_HTTP2_COLUMNS] = {
        "goaways_n", "goaway_errors_n",  "unprocessed_n",       "refused_n",
        "cancels_n", "ended_by_count_n", "streams_open_most_n", "held_up_s",
    };
    struct err ignored;
    for (int i = 0; i < N_HTTP2_COLUMNS; i++)
        r->http2_columns[i] = csv_column(&r->csv, names[i], &ignored);
}

static void find_again_columns(struct reading *r)
{
    struct err ignored;
    for (int cause = 0; cause < N_AGAIN; cause++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "again_%s_n", again_name((enum again)cause));
        r->again_columns[cause] = csv_column(&r->csv, name, &ignored);
    }
}

static int find_columns(struct reading *r, struct err *e)
{
    static const char *const names[N_COLUMNS] = { "t_s",        "dur_s",    "stream",  "warmup",
                                                  "intended_n", "sent_n",   "done_n",  "ok_n",
                                                  "err_n",      "bytes_rx", "bytes_tx" };
    if (run_file_columns(&r->csv, names, N_COLUMNS, r->columns, e))
        return -1;
    r->step_column = run_file_step_column(&r->csv);
    find_http2_columns(r);
    find_again_columns(r);
    for (int o = OUTCOME_OK + 1; o < N_OUTCOMES; o++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "%s_n", outcome_name((enum outcome)o));
        if ((r->by_outcome[o] = csv_column(&r->csv, name, e)) < 0)
            return -1;
    }
    return 0;
}

static int read_http2(const struct reading *r, struct http2_counts *http2, struct err *e)
{
    uint64_t counts[HELD_UP] = { 0 };
    double held_up_s = 0;
    for (int i = 0; i < HELD_UP; i++)
        if (r->http2_columns[i] >= 0 && csv_get_u64(&r->csv, r->http2_columns[i], 0, &counts[i], e))
            return -1;
    if (r->http2_columns[HELD_UP] >= 0 && csv_get_real(&r->csv, r->http2_columns[HELD_UP], 0, &held_up_s, e))
        return -1;
    *http2 = (struct http2_counts){
        .n_goaways = counts[GOAWAYS],
        .n_goaway_errors = counts[GOAWAY_ERRORS],
        .n_unprocessed = counts[UNPROCESSED],
        .n_refused = counts[REFUSED],
        .n_cancels = counts[CANCELS],
        .n_ended_by_count = counts[BY_COUNT],
        .n_open_most = counts[OPEN_MOST] < UINT32_MAX ? (uint32_t)counts[OPEN_MOST] : UINT32_MAX,
        .blocked_ns = http2_counts_held_up_ns(held_up_s),
    };
    return 0;
}

static int read_again(const struct reading *r, struct again_counts *again, struct err *e)
{
    for (int cause = 0; cause < N_AGAIN; cause++)
        if (r->again_columns[cause] >= 0 &&
            csv_get_u64(&r->csv, r->again_columns[cause], 0, &again->n[cause], e))
            return -1;
    return 0;
}

static int read_counts(const struct reading *r, struct killed_stream *row, struct err *e)
{
    const struct csv_reader *csv = &r->csv;
    uint64_t warmup;
    uint64_t *const into[N_COLUMNS] = {
        [WARMUP] = &warmup, [INTENDED] = &row->n_intended, [SENT] = &row->n_sent, [DONE] = &row->n_done,
        [OK] = &row->n_ok,  [ERR] = &row->n_err,           [RX] = &row->rx_bytes, [TX] = &row->tx_bytes,
    };
    for (int c = WARMUP; c < N_COLUMNS; c++)
        if (csv_get_u64(csv, r->columns[c], 0, into[c], e))
            return -1;
    for (int o = OUTCOME_OK + 1; o < N_OUTCOMES; o++)
        if (csv_get_u64(csv, r->by_outcome[o], 0, &row->n_outcomes[o], e))
            return -1;
    row->measured_rx_bytes = warmup ? 0 : row->rx_bytes;
    row->measured_tx_bytes = warmup ? 0 : row->tx_bytes;
    return read_again(r, &row->again, e) || read_http2(r, &row->http2, e) ? -1 : 0;
}

void killed_stream_add(struct killed_stream *into, const struct killed_stream *row)
{
    into->n_intended += row->n_intended;
    into->n_sent += row->n_sent;
    into->n_done += row->n_done;
    into->n_ok += row->n_ok;
    into->n_err += row->n_err;
    into->rx_bytes += row->rx_bytes;
    into->tx_bytes += row->tx_bytes;
    into->measured_rx_bytes += row->measured_rx_bytes;
    into->measured_tx_bytes += row->measured_tx_bytes;
    again_counts_merge(&into->again, &row->again);
    http2_counts_follow(&into->http2, &row->http2);
    for (int o = 0; o < N_OUTCOMES; o++)
        into->n_outcomes[o] += row->n_outcomes[o];
}

/* Adds the second if every stream had a row in it. */
static bool end_second(struct killed_seconds *s, struct reading *r)
{
    const bool is_whole = r->n_rows == s->n_streams && r->second == s->n;
    for (size_t i = 0; i < s->n_streams && is_whole; i++)
        killed_stream_add(&s->streams[i], &r->rows[i]);
    if (is_whole)
        s->end_s = (double)s->n++ + r->length_s;
    r->n_rows = 0;
    return is_whole;
}

static int take_row(struct killed_seconds *s, struct reading *r, struct err *e)
{
    const char *name = r->csv.fields[r->columns[STREAM]];
    size_t i = 0;
    while (i < s->n_streams && (!s->streams[i].name || strcmp(s->streams[i].name, name) != 0))
        i++;
    if (i == s->n_streams)
        return err_set(e, ERR_INPUT, "%s:%llu: stream '%.40s' is not in run.json", r->csv.path,
                       (unsigned long long)r->csv.line_number, name);
    r->rows[i] = (struct killed_stream){ .name = s->streams[i].name };
    r->n_rows++;
    return read_counts(r, &r->rows[i], e);
}

static int read_rows(struct killed_seconds *s, struct reading *r, struct err *e)
{
    int more;
    bool is_whole = true;
    while (is_whole && (more = csv_next(&r->csv, e)) > 0) {
        uint64_t second;
        if (*run_file_step(&r->csv, r->step_column)) /* the row of its stream, behind it, has the sum */
            continue;
        if (csv_get_u64(&r->csv, r->columns[T_S], 0, &second, e))
            return -1;
        if (r->n_rows > 0 && second != r->second)
            is_whole = end_second(s, r);
        r->second = second;
        if (is_whole && (csv_get_real(&r->csv, r->columns[LENGTH], 1, &r->length_s, e) || take_row(s, r, e)))
            return -1;
    }
    if (!is_whole)
        return 0;
    end_second(s, r);
    return more;
}

static int name_streams(struct killed_seconds *s, const json_t *streams, struct reading *r, struct err *e)
{
    const size_t n = json_array_size(streams);
    s->streams = calloc(n + 1, sizeof *s->streams);
    r->rows = calloc(n + 1, sizeof *r->rows);
    if (!s->streams || !r->rows)
        return err_set(e, ERR_FAILED, "out of memory while reading intervals.csv");
    for (; s->n_streams < n; s->n_streams++) {
        const char *name = json_string_value(json_object_get(json_array_get(streams, s->n_streams), "name"));
        s->streams[s->n_streams].name = name;
    }
    return 0;
}

int killed_seconds_read(struct killed_seconds *s, const json_t *streams, const char *folder, struct err *e)
{
    struct reading r = { 0 };
    *s = (struct killed_seconds){ 0 };
    int status = name_streams(s, streams, &r, e);
    if (status == 0 && (status = run_file_open(&r.csv, folder, "intervals.csv", e)) == 0) {
        r.csv.may_be_cut = true;
        status = find_columns(&r, e) || read_rows(s, &r, e) ? -1 : 0;
        csv_reader_fini(&r.csv);
    }
    free(r.rows);
    return status;
}

void killed_seconds_fini(struct killed_seconds *s)
{
    free(s->streams);
    *s = (struct killed_seconds){ 0 };
}
