#include "summary.h"

#include "derived_attempts.h"
#include "hist.h"
#include "span.h"
#include "table.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_BEYOND = 10 };

static const uint32_t columns_ppm[] = { 500000, 900000, 990000, 999000, 1000000 };
enum { N_COLUMNS = sizeof columns_ppm / sizeof *columns_ppm };

/* A cluster or a stream. */
struct row {
    const struct derived_cluster *cluster; /* NULL: one stream */
    const struct derived_stream *stream;   /* the first one */
    uint64_t n_done, n_ok;
    uint64_t active_ns; /* for how long it sent: without pauses and warm-up */
    uint64_t n_times, times_ns[N_COLUMNS];
};

struct rows {
    struct row *row; /* owned */
    size_t n;
    bool is_one_model; /* all streams have the same headline */
};

static bool has_stream(const struct row *row, const struct derived_stream *stream)
{
    return row->cluster ? strcmp(row->cluster->name, stream->cluster) == 0 : row->stream == stream;
}

/* Clusters, when there are several and their streams' times may be put together; else streams. */
static void list_rows(const struct derived_run *run, struct rows *rows)
{
    rows->is_one_model = true;
    for (size_t i = 1; i < run->n_streams; i++)
        rows->is_one_model &= run->streams[i].headline == run->streams[0].headline;
    for (size_t c = 0; c < run->n_clusters; c++) {
        struct row row = { .cluster = &run->clusters[c] };
        for (size_t i = run->n_streams; i-- > 0;)
            row.stream = has_stream(&row, &run->streams[i]) ? &run->streams[i] : row.stream;
        if (row.stream)
            rows->row[rows->n++] = row;
    }
    if (rows->n > 1 && rows->is_one_model)
        return;
    for (rows->n = 0; rows->n < run->n_streams; rows->n++)
        rows->row[rows->n] = (struct row){ .stream = &run->streams[rows->n] };
}

static void add_times(const struct derived_run *run, const struct derived_stream *stream, struct hist *into)
{
    const struct derived_cluster cluster = { .name = stream->cluster };
    const struct derived_scope scope = { .cluster = &cluster, .stream = stream };
    derived_times(run, &scope, stream->headline, OUTCOME_OK, into);
}

static void measure_times(const struct summary *s, struct row *row, struct hist *times)
{
    hist_clear(times);
    for (size_t i = 0; i < s->run->n_streams; i++) {
        if (!has_stream(row, &s->run->streams[i]))
            continue;
        add_times(s->run, &s->run->streams[i], times);
        row->n_done += s->counts[i].n_done;
        row->n_ok += s->counts[i].n_ok;
    }
    row->n_times = times->n;
    for (size_t i = 0; i < N_COLUMNS; i++)
        row->times_ns[i] =
            columns_ppm[i] == 1000000 ? times->max_ns : hist_value_at_ppm(times, columns_ppm[i]);
}

static bool has_phase(const struct row *row, const struct derived_phase *phase)
{
    if (phase->warmup || strcmp(phase->kind, "pause") == 0 || phase->start_ns == DERIVED_NONE ||
        phase->end_ns == DERIVED_NONE || strcmp(row->stream->cluster, phase->cluster) != 0)
        return false;
    return row->cluster || strcmp(row->stream->name, phase->stream) == 0;
}

static void measure_active(const struct derived_run *run, struct row *row, struct span *spans)
{
    size_t n = 0;
    for (size_t i = 0; i < run->n_phases; i++)
        if (has_phase(row, &run->phases[i]))
            spans[n++] = (struct span){ run->phases[i].start_ns, run->phases[i].end_ns };
    row->active_ns = span_union_ns(spans, n);
}

/* One unit for all times, by the largest median. */
struct unit {
    const char *name;
    double ns;
};

static struct unit choose_unit(const struct rows *rows)
{
    uint64_t p50_ns = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (rows->row[i].times_ns[0] > p50_ns)
            p50_ns = rows->row[i].times_ns[0];
    if (p50_ns > 0 && p50_ns < NS_PER_MS)
        return (struct unit){ "us", 1e3 };
    return p50_ns < 10 * NS_PER_S ? (struct unit){ "ms", 1e6 } : (struct unit){ "s", 1e9 };
}

static bool is_few(const struct row *row, size_t column)
{
    return row->n_times > 0 && columns_ppm[column] != 1000000 &&
           hist_n_beyond(row->n_times, columns_ppm[column]) < FEW_BEYOND;
}

static void add_row(struct table *t, const struct row *row, struct unit unit)
{
    char done[UNITS_TEXT_BYTES], failed[UNITS_TEXT_BYTES], number[UNITS_TEXT_BYTES];
    const char *name = row->cluster ? row->cluster->name : row->stream->name;
    const char *label = row->cluster ? row->cluster->label : NULL;
    table_cell(t, "%s", name);
    table_cell(t, "%s", label && strcmp(label, name) != 0 ? label : "");
    table_cell(t, "%s", units_count_text(row->n_done, done));
    table_cell(t, "%s", units_count_text(row->n_done - row->n_ok, failed));
    if (row->n_ok == 0)
        table_cell(t, "0/s");
    else if (row->active_ns > 0)
        table_cell(t, "%s/s", units_number_text((double)row->n_ok * 1e9 / (double)row->active_ns, number));
    else
        table_cell(t, "-");
    for (size_t i = 0; i < N_COLUMNS; i++)
        table_cell(t, "%s%s",
                   row->n_times ? units_number_text((double)row->times_ns[i] / unit.ns, number) : "-",
                   is_few(row, i) ? "*" : "");
}

static const char *time_name(const struct derived_stream *stream)
{
    return stream->headline == METRIC_RESPONSE ? "response time" : "service time";
}

static void add_heading(struct table *t, const struct rows *rows, struct unit unit)
{
    static const char *const words[] = { "",    "",    "requests", "errors", "ok rate",
                                         "p50", "p90", "p99",      "p99.9",  "max" };
    table_column(t, TABLE_LEFT, 2);
    table_column(t, TABLE_LEFT, 2);
    for (int i = 0; i < 3; i++)
        table_column(t, TABLE_RIGHT, 2);
    for (size_t i = 0; i < N_COLUMNS; i++)
        table_column(t, TABLE_POINT, 3);
    table_column(t, TABLE_LEFT, 3);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        table_cell(t, "%s", words[i]);
    if (rows->is_one_model && rows->n > 0)
        table_cell(t, "%s, %s of ok answers", unit.name, time_name(rows->row[0].stream));
    else
        table_cell(t, "%s, of ok answers", unit.name);
}

static int print_rows(const struct rows *rows, FILE *out)
{
    struct table t = { 0 };
    bool has_star = false;
    const struct unit unit = choose_unit(rows);
    add_heading(&t, rows, unit);
    for (size_t i = 0; i < rows->n; i++) {
        add_row(&t, &rows->row[i], unit);
        table_cell(&t, "%s", rows->is_one_model ? "" : time_name(rows->row[i].stream));
        for (size_t k = 0; k < N_COLUMNS; k++)
            has_star |= is_few(&rows->row[i], k);
    }
    const int status = table_print(&t, out);
    table_fini(&t);
    if (has_star)
        fprintf(out, "  * fewer than %d samples beyond\n", FEW_BEYOND);
    return status;
}

int summary_table(const struct summary *s, FILE *out)
{
    int status = -1;
    struct rows rows = { .row = calloc(s->run->n_clusters + s->run->n_streams + 1, sizeof *rows.row) };
    struct span *spans = calloc(s->run->n_phases + 1, sizeof *spans);
    struct hist *times = hist_new();
    if (rows.row && spans && times) {
        list_rows(s->run, &rows);
        for (size_t i = 0; i < rows.n; i++) {
            measure_times(s, &rows.row[i], times);
            measure_active(s->run, &rows.row[i], spans);
        }
        status = print_rows(&rows, out);
    }
    free(rows.row);
    free(spans);
    hist_free(times);
    return status;
}
