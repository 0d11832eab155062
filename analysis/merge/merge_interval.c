#include "merge_interval.h"

#include "csv.h"
#include "err.h"
#include "hist.h"
#include "run_json.h"
#include "tag_set.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum how { HOW_EMPTY, HOW_FIRST, HOW_SECOND, HOW_ADD, HOW_MAX, HOW_PARTIAL, HOW_PHASE, HOW_PERCENTILE };

enum { CELL_BYTES = 64 };

struct merge_column {
    const char *name;
    enum how how;
    enum metric metric; /* of HOW_PERCENTILE; N_METRICS: the stream's headline */
    uint32_t p_ppm;
};

/* All but the columns "..._n", which are added. */
static const struct merge_column special[] = {
    { "t_s", HOW_SECOND, N_METRICS, 0 },
    { "dur_s", HOW_MAX, N_METRICS, 0 },
    { "stream", HOW_FIRST, N_METRICS, 0 },
    { "cluster", HOW_FIRST, N_METRICS, 0 },
    { "phase", HOW_PHASE, N_METRICS, 0 },
    { "warmup", HOW_FIRST, N_METRICS, 0 },
    { "partial", HOW_PARTIAL, N_METRICS, 0 },
    { "bytes_rx", HOW_ADD, N_METRICS, 0 },
    { "bytes_tx", HOW_ADD, N_METRICS, 0 },
    { "p50_us", HOW_PERCENTILE, N_METRICS, 500000 },
    { "p90_us", HOW_PERCENTILE, N_METRICS, 900000 },
    { "p99_us", HOW_PERCENTILE, N_METRICS, 990000 },
    { "p999_us", HOW_PERCENTILE, N_METRICS, 999000 },
    { "max_us", HOW_MAX, N_METRICS, 0 },
    { "service_p50_us", HOW_PERCENTILE, METRIC_SERVICE, 500000 },
    { "service_p99_us", HOW_PERCENTILE, METRIC_SERVICE, 990000 },
    { "lag_p50_us", HOW_PERCENTILE, METRIC_LAG, 500000 },
    { "lag_p99_us", HOW_PERCENTILE, METRIC_LAG, 990000 },
    { "lag_max_us", HOW_MAX, N_METRICS, 0 },
    { "conn_wait_p99_us", HOW_PERCENTILE, METRIC_CONN_WAIT, 990000 },
};

struct cell {
    bool is_known;
    uint64_t sum;
    double max;
    char text[CELL_BYTES]; /* of the first row, or of the greatest value */
};

struct merge_interval_row {
    size_t n_added;
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

int merge_interval_init(struct merge_interval *m, const struct run_json *run, size_t n_runs,
                        const struct csv_reader *like, struct err *e)
{
    *m = (struct merge_interval){ .run = run, .n_runs = n_runs, .n_columns = like->n_columns };
    m->columns = calloc(like->n_columns, sizeof *m->columns);
    m->rows = calloc(run->n_streams + 1, sizeof *m->rows);
    m->scratch = hist_new();
    bool is_short = !m->columns || !m->rows || !m->scratch;
    for (size_t i = 0; !is_short && i < run->n_streams; i++) {
        m->rows[i].cells = calloc(like->n_columns, sizeof *m->rows[i].cells);
        is_short = !m->rows[i].cells;
    }
    if (is_short)
        return err_set(e, ERR_FAILED, "out of memory while merging %s", like->path);
    for (size_t i = 0; i < like->n_columns; i++)
        m->columns[i] = column_of(like->columns[i]);
    m->stream_column = csv_column(like, "stream", e);
    return m->stream_column < 0 ? -1 : 0;
}

void merge_interval_fini(struct merge_interval *m)
{
    for (size_t i = 0; m->rows && i < m->run->n_streams; i++)
        free(m->rows[i].cells);
    free(m->rows);
    free(m->columns);
    hist_free(m->scratch);
    *m = (struct merge_interval){ 0 };
}

static int add_cell(struct merge_interval_row *row, enum how how, const struct csv_reader *from,
                    size_t column, struct err *e)
{
    struct cell *cell = &row->cells[column];
    const char *text = from->fields[column];
    uint64_t n = 0;
    double real = 0;
    if (how == HOW_ADD && csv_get_u64(from, (int)column, 0, &n, e))
        return -1;
    if ((how == HOW_MAX || how == HOW_PARTIAL) && csv_get_real(from, (int)column, 0, &real, e))
        return -1;
    if (how == HOW_PHASE && row->n_added > 0)
        row->phases_differ |= strcmp(cell->text, text) != 0;
    if (!*text)
        return 0;
    if (!cell->is_known || real > cell->max) {
        cell->max = real;
        snprintf(cell->text, sizeof cell->text, "%s", text);
    }
    cell->sum += n;
    cell->is_known = true;
    return 0;
}

int merge_interval_add(struct merge_interval *m, const struct csv_reader *from, struct err *e)
{
    const char *stream = from->fields[m->stream_column];
    size_t i = 0;
    while (i < m->run->n_streams && strcmp(m->run->streams[i].name, stream) != 0)
        i++;
    if (i == m->run->n_streams)
        return err_set(e, ERR_INPUT, "%s:%llu: run.json has no stream '%s'", from->path,
                       (unsigned long long)from->line_number, stream);
    for (size_t k = 0; k < m->n_columns; k++)
        if (add_cell(&m->rows[i], m->columns[k].how, from, k, e))
            return -1;
    m->rows[i].n_added++;
    return 0;
}

/* All values of a stream and metric. OUTCOME_RESET_IDLE counts events, not requests. */
static const struct hist *values(struct merge_interval *m, const struct tag_set *tags, const char *stream,
                                 enum metric metric)
{
    hist_clear(m->scratch);
    for (size_t i = 0; i < tags->n; i++) {
        const struct tag *tag = &tags->rows[i].tag;
        if (tag->metric == metric && tag->outcome != OUTCOME_RESET_IDLE && tag_is_all_instances(tag) &&
            strcmp(tag->stream, stream) == 0)
            hist_merge(m->scratch, tags->rows[i].hist);
    }
    return m->scratch;
}

/* Upper bound of the row's times. The rows have the exact maximum, a histogram from a log only its bin. Every
 * other time of a request is part of its headline time. */
static uint64_t most_ns(const struct merge_interval *m, const struct merge_interval_row *row,
                        enum metric metric)
{
    const char *name = metric == METRIC_LAG ? "lag_max_us" : "max_us";
    for (size_t k = 0; k < m->n_columns; k++)
        if (m->columns[k].name && strcmp(m->columns[k].name, name) == 0 && row->cells[k].is_known)
            return (uint64_t)llround(row->cells[k].max * 1e3);
    return UINT64_MAX;
}

static void put_percentile(struct merge_interval *m, struct csv_writer *w, const struct merge_column *column,
                           size_t stream, const struct tag_set *tags)
{
    const struct run_stream *s = &m->run->streams[stream];
    const enum metric metric = column->metric == N_METRICS ? metric_find(s->headline) : column->metric;
    const struct hist *h = values(m, tags, s->name, metric);
    const uint64_t value_ns = hist_value_at_ppm(h, column->p_ppm);
    const uint64_t limit_ns = most_ns(m, &m->rows[stream], metric);
    if (h->n > 0)
        csv_us(w, value_ns < limit_ns ? value_ns : limit_ns);
    else
        csv_empty(w);
}

static bool is_partial(const struct merge_interval *m, const struct merge_interval_row *row,
                       const struct cell *cell)
{
    return cell->max > 0 || row->phases_differ || row->n_added < m->n_runs;
}

static void put_row(struct merge_interval *m, struct csv_writer *w, size_t stream, uint64_t second,
                    const struct tag_set *tags)
{
    const struct merge_interval_row *row = &m->rows[stream];
    for (size_t k = 0; k < m->n_columns; k++) {
        const struct merge_column *column = &m->columns[k];
        const struct cell *cell = &row->cells[k];
        if (column->how == HOW_SECOND)
            csv_u64(w, second);
        else if (column->how == HOW_PERCENTILE)
            put_percentile(m, w, column, stream, tags);
        else if (column->how == HOW_PARTIAL)
            csv_u64(w, is_partial(m, row, cell));
        else if (column->how == HOW_EMPTY || !cell->is_known)
            csv_empty(w);
        else if (column->how == HOW_ADD)
            csv_u64(w, cell->sum);
        else
            csv_text(w, cell->text);
    }
    csv_end_row(w);
}

void merge_interval_write(struct merge_interval *m, struct csv_writer *w, uint64_t second,
                          const struct tag_set *tags)
{
    for (size_t i = 0; i < m->run->n_streams; i++) {
        struct merge_interval_row *row = &m->rows[i];
        if (row->n_added > 0)
            put_row(m, w, i, second, tags);
        memset(row->cells, 0, m->n_columns * sizeof *row->cells);
        row->n_added = 0;
        row->phases_differ = false;
    }
}
