#include "merge_interval.h"

#include "attempts.h"
#include "csv.h"
#include "err.h"
#include "hist.h"
#include "merge_state.h"
#include "run_file.h"
#include "tag_set.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum how {
    HOW_EMPTY,
    HOW_FIRST,
    HOW_SECOND,
    HOW_ADD,
    HOW_ADD_SECONDS,
    HOW_MAX,
    HOW_PARTIAL,
    HOW_PHASE,
    HOW_ATTEMPTS,   /* a percentile of the headline metric, over all attempts */
    HOW_PERCENTILE, /* of the times of another metric */
};

enum { CELL_BYTES = 64 };

struct merge_column {
    const char *name;
    enum how how;
    enum metric metric; /* of HOW_PERCENTILE */
    uint32_t p_ppm;
};

/* All but the columns "..._n", which are added. */
static const struct merge_column special[] = {
    { "t_s", HOW_SECOND, N_METRICS, 0 },
    { "dur_s", HOW_MAX, N_METRICS, 0 },
    { "stream", HOW_FIRST, N_METRICS, 0 },
    { "step", HOW_FIRST, N_METRICS, 0 },
    { "cluster", HOW_FIRST, N_METRICS, 0 },
    { "phase", HOW_PHASE, N_METRICS, 0 },
    { "warmup", HOW_FIRST, N_METRICS, 0 },
    { "partial", HOW_PARTIAL, N_METRICS, 0 },
    { "bytes_rx", HOW_ADD, N_METRICS, 0 },
    { "bytes_tx", HOW_ADD, N_METRICS, 0 },
    { "p50_us", HOW_ATTEMPTS, N_METRICS, 500000 },
    { "p90_us", HOW_ATTEMPTS, N_METRICS, 900000 },
    { "p99_us", HOW_ATTEMPTS, N_METRICS, 990000 },
    { "p999_us", HOW_ATTEMPTS, N_METRICS, 999000 },
    { "max_us", HOW_ATTEMPTS, N_METRICS, 1000000 },
    { "service_p50_us", HOW_PERCENTILE, METRIC_SERVICE, 500000 },
    { "service_p99_us", HOW_PERCENTILE, METRIC_SERVICE, 990000 },
    { "lag_p50_us", HOW_PERCENTILE, METRIC_LAG, 500000 },
    { "lag_p99_us", HOW_PERCENTILE, METRIC_LAG, 990000 },
    { "lag_max_us", HOW_MAX, N_METRICS, 0 },
    { "conn_wait_p99_us", HOW_PERCENTILE, METRIC_CONN_WAIT, 990000 },
    { "held_up_s", HOW_ADD_SECONDS, N_METRICS, 0 },
    { "streams_open_most_n", HOW_MAX, N_METRICS, 0 },
};

struct cell {
    bool is_known;
    uint64_t sum; /* of seconds, in ns */
    double max;
    char text[CELL_BYTES]; /* of the first row, or of the greatest value */
};

struct merge_interval_row {
    const struct run_stream *stream;
    const struct derived_row *step; /* NULL: the stream as a whole */
    size_t n_wanted;                /* generators that send requests of the stream */
    size_t number;                  /* of the stream */
    size_t n_rows, n_added;         /* rows that were added, and those of such generators */
    bool phases_differ;
    struct cell *cells; /* owned; per column */
};

static struct merge_column column_of(const char *name)
{
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (strcmp(special[i].name, name) == 0)
            return special[i];
    const bool is_count = length > 2 && strcmp(name + length - 2, "_n") == 0;
    return (struct merge_column){ NULL, is_count ? HOW_ADD : HOW_EMPTY, N_METRICS, 0 };
}

static bool has_part(const struct merge_run *run, size_t stream)
{
    return stream >= 64 || run->streams >> stream & 1;
}

static size_t count_parts(const struct merge *merge, size_t stream)
{
    size_t n = 0;
    for (size_t i = 0; i < merge->n_runs; i++)
        n += has_part(&merge->runs[i], stream);
    return n;
}

/* The rows of a stream in the order of the file: its steps, then itself. */
static size_t add_rows(struct merge_interval *m, const struct merge *merge, size_t stream, size_t n)
{
    const struct run_stream *s = &m->run->streams[stream];
    for (size_t i = 0; i <= s->n_rows; i++)
        m->rows[n++] = (struct merge_interval_row){ .stream = s,
                                                    .step = i < s->n_rows ? &s->rows[i] : NULL,
                                                    .number = stream,
                                                    .n_wanted = count_parts(merge, stream) };
    return n;
}

static size_t count_rows(const struct run_json *run)
{
    size_t n = run->n_streams;
    for (size_t i = 0; i < run->n_streams; i++)
        n += run->streams[i].n_rows;
    return n;
}

int merge_interval_init(struct merge_interval *m, const struct merge *merge, const struct csv_reader *like,
                        struct err *e)
{
    const struct run_json *run = &merge->first;
    *m = (struct merge_interval){ .run = run, .n_columns = like->n_columns };
    m->columns = calloc(like->n_columns, sizeof *m->columns);
    m->rows = calloc(count_rows(run) + 1, sizeof *m->rows);
    m->times = hist_new();
    m->ages = hist_new();
    bool is_short = !m->columns || !m->rows || !m->times || !m->ages;
    for (size_t i = 0; !is_short && i < run->n_streams; i++)
        m->n_rows = add_rows(m, merge, i, m->n_rows);
    for (size_t i = 0; !is_short && i < m->n_rows; i++) {
        m->rows[i].cells = calloc(like->n_columns, sizeof *m->rows[i].cells);
        is_short = !m->rows[i].cells;
    }
    if (is_short)
        return err_set(e, ERR_FAILED, "out of memory while merging %s", like->path);
    for (size_t i = 0; i < like->n_columns; i++)
        m->columns[i] = column_of(like->columns[i]);
    m->names = (const char *const *)like->columns;
    m->step_column = run_file_step_column(like);
    m->stream_column = csv_column(like, "stream", e);
    return m->stream_column < 0 ? -1 : 0;
}

void merge_interval_fini(struct merge_interval *m)
{
    for (size_t i = 0; i < m->n_rows; i++)
        free(m->rows[i].cells);
    free(m->rows);
    free(m->columns);
    hist_free(m->times);
    hist_free(m->ages);
    *m = (struct merge_interval){ 0 };
}

static void set_text(struct cell *cell, const char *text)
{
    snprintf(cell->text, sizeof cell->text, "%s", text);
    cell->is_known = true;
}

/* The phase of the first generator that sends requests of the stream; of another one, if there is none. */
static void add_phase(struct merge_interval_row *row, struct cell *cell, const char *text, bool is_part)
{
    if (is_part && row->n_added > 0)
        row->phases_differ |= strcmp(cell->text, text) != 0;
    else if (is_part || !cell->is_known)
        set_text(cell, text);
}

/* 0 for what is no time of a run. */
static uint64_t ns_of(double seconds)
{
    return seconds > 0 && seconds < 1e9 ? (uint64_t)llround(seconds * 1e9) : 0;
}

static int add_cell(struct cell *cell, enum how how, const struct csv_reader *from, size_t column,
                    struct err *e)
{
    const char *text = from->fields[column];
    uint64_t n = 0;
    double real = 0;
    if (how == HOW_ADD && csv_get_u64(from, (int)column, 0, &n, e))
        return -1;
    if ((how == HOW_MAX || how == HOW_PARTIAL || how == HOW_ATTEMPTS || how == HOW_ADD_SECONDS) &&
        csv_get_real(from, (int)column, 0, &real, e))
        return -1;
    if (!*text)
        return 0;
    if (!cell->is_known || real > cell->max) {
        cell->max = real;
        set_text(cell, text);
    }
    cell->sum += how == HOW_ADD_SECONDS ? ns_of(real) : n;
    return 0;
}

static bool is_row(const struct merge_interval_row *row, const char *stream, const char *step)
{
    return strcmp(row->step ? row->step->name : "", step) == 0 && strcmp(row->stream->name, stream) == 0;
}

int merge_interval_add(struct merge_interval *m, const struct merge_run *run, const struct csv_reader *from,
                       struct err *e)
{
    const char *stream = from->fields[m->stream_column], *step = run_file_step(from, m->step_column);
    size_t i = 0;
    while (i < m->n_rows && !is_row(&m->rows[i], stream, step))
        i++;
    if (i == m->n_rows)
        return err_set(e, ERR_INPUT, "%s:%llu: run.json has no stream '%s' with a step '%s'", from->path,
                       (unsigned long long)from->line_number, stream, step);
    struct merge_interval_row *row = &m->rows[i];
    const bool is_part = has_part(run, row->number);
    for (size_t k = 0; k < m->n_columns; k++)
        if (m->columns[k].how == HOW_PHASE)
            add_phase(row, &row->cells[k], from->fields[k], is_part);
        else if (add_cell(&row->cells[k], m->columns[k].how, from, k, e))
            return -1;
    row->n_rows++;
    row->n_added += is_part;
    return 0;
}

static void take_cell(struct cell *cell, const struct cell *later)
{
    if (later->is_known && (!cell->is_known || later->max > cell->max)) {
        cell->max = later->max;
        set_text(cell, later->text);
    }
    cell->sum += later->sum;
}

static void take_row(struct merge_interval *m, struct merge_interval_row *row,
                     const struct merge_interval_row *later)
{
    for (size_t k = 0; k < m->n_columns; k++)
        if (m->columns[k].how != HOW_PHASE)
            take_cell(&row->cells[k], &later->cells[k]);
        else if (later->cells[k].is_known)
            add_phase(row, &row->cells[k], later->cells[k].text, later->n_added > 0);
    row->phases_differ |= later->phases_differ;
    row->n_rows += later->n_rows;
    row->n_added += later->n_added;
}

void merge_interval_take(struct merge_interval *m, const struct merge_interval *later)
{
    for (size_t i = 0; i < m->n_rows; i++)
        if (later->rows[i].n_rows > 0)
            take_row(m, &m->rows[i], &later->rows[i]);
}

void merge_interval_clear(struct merge_interval *m)
{
    for (size_t i = 0; i < m->n_rows; i++) {
        struct merge_interval_row *row = &m->rows[i];
        if (row->n_rows > 0)
            memset(row->cells, 0, m->n_columns * sizeof *row->cells);
        row->n_rows = row->n_added = 0;
        row->phases_differ = false;
    }
}

/* The values of a row and metric: of one outcome, or, with N_OUTCOMES, of all that end a request. */
static const struct hist *values(const struct tag_set *tags, const struct merge_interval_row *row,
                                 enum metric metric, enum outcome outcome, struct hist *into)
{
    hist_clear(into);
    for (size_t i = 0; i < tags->n; i++) {
        const struct tag *tag = &tags->rows[i].tag;
        const bool is_meant =
            outcome == N_OUTCOMES ? tag->outcome != OUTCOME_RESET_IDLE : tag->outcome == outcome;
        if (tag->metric == metric && is_meant && tag_is_all_instances(tag) &&
            strcmp(tag->stream, row->stream->name) == 0 &&
            (!row->step || strcmp(tag->step, row->step->name) == 0))
            hist_merge(into, tags->rows[i].hist);
    }
    return into;
}

/* The row's cell of that column; NULL when no row of it had a value. */
static const struct cell *find_cell(const struct merge_interval *m, const struct merge_interval_row *row,
                                    const char *name)
{
    for (size_t k = 0; k < m->n_columns; k++)
        if (strcmp(m->names[k], name) == 0)
            return row->cells[k].is_known ? &row->cells[k] : NULL;
    return NULL;
}

static uint64_t count_of(const struct merge_interval *m, const struct merge_interval_row *row,
                         const char *name)
{
    const struct cell *cell = find_cell(m, row, name);
    return cell ? cell->sum : 0;
}

/* Rows have the exact maximum, a histogram from a log only its bin. Where a request failed or was cut off
 * there is no maximum; every other time of a request is part of its headline time. */
static uint64_t at_most(const struct merge_interval *m, const struct merge_interval_row *row,
                        enum metric metric, uint64_t ns)
{
    const bool has_most =
        metric == METRIC_LAG || count_of(m, row, "err_n") + count_of(m, row, "censored_n") == 0;
    const struct cell *most = find_cell(m, row, metric == METRIC_LAG ? "lag_max_us" : "max_us");
    return has_most && most ? (uint64_t)fmin((double)ns, (double)llround(most->max * 1e3)) : ns;
}

static void put_percentile(struct merge_interval *m, struct csv_writer *w, const struct merge_column *column,
                           const struct merge_interval_row *row, const struct tag_set *tags)
{
    const struct hist *h = values(tags, row, column->metric, N_OUTCOMES, m->times);
    const uint64_t value_ns = hist_value_at_ppm(h, column->p_ppm);
    csv_us_if(w, h->n > 0, at_most(m, row, column->metric, value_ns));
}

static void put_attempts(struct merge_interval *m, struct csv_writer *w, const struct merge_column *column,
                         const struct merge_interval_row *row, const struct tag_set *tags)
{
    const bool is_session = row->step && row->step->is_session;
    const enum metric headline = is_session ? METRIC_BUSY : metric_find(row->stream->headline);
    const struct attempts a = { .ok = values(tags, row, headline, OUTCOME_OK, m->times),
                                .censored = values(tags, row, headline, OUTCOME_CENSORED, m->ages),
                                .n_censored = count_of(m, row, "censored_n"),
                                .n_failed = count_of(m, row, "err_n") };
    const struct attempt_time time = attempts_time(&a, column->p_ppm);
    csv_us_if(w, time.state == ATTEMPT_EXACT, at_most(m, row, headline, time.value_ns));
}

/* A generator has no row of a step in which nothing ended, so only the stream's, behind them, can lack one.
 */
static bool is_partial(const struct merge_interval_row *row, const struct cell *cell)
{
    const struct merge_interval_row *whole = row;
    while (whole->step)
        whole++;
    return cell->max > 0 || row->phases_differ || whole->n_added < whole->n_wanted;
}

static void put_row(struct merge_interval *m, struct csv_writer *w, const struct merge_interval_row *row,
                    uint64_t second, const struct tag_set *tags)
{
    for (size_t k = 0; k < m->n_columns; k++) {
        const struct merge_column *column = &m->columns[k];
        const struct cell *cell = &row->cells[k];
        if (column->how == HOW_SECOND)
            csv_u64(w, second);
        else if (column->how == HOW_ATTEMPTS)
            put_attempts(m, w, column, row, tags);
        else if (column->how == HOW_PERCENTILE)
            put_percentile(m, w, column, row, tags);
        else if (column->how == HOW_PARTIAL)
            csv_u64(w, is_partial(row, cell));
        else if (column->how == HOW_EMPTY || !cell->is_known)
            csv_empty(w);
        else if (column->how == HOW_ADD)
            csv_u64(w, cell->sum);
        else if (column->how == HOW_ADD_SECONDS)
            csv_s(w, cell->sum);
        else
            csv_text(w, cell->text);
    }
    csv_end_row(w);
}

void merge_interval_write(struct merge_interval *m, struct csv_writer *w, uint64_t second,
                          const struct tag_set *tags)
{
    for (size_t i = 0; i < m->n_rows; i++)
        if (m->rows[i].n_rows > 0)
            put_row(m, w, &m->rows[i], second, tags);
}
