#include "derived_attempts.h"
#include "hist.h"
#include "summary.h"
#include "table.h"
#include "units.h"

#include <math.h>
#include <string.h>

/* "0", "3.0 %", "0.004 %". */
static const char *failed_text(const struct claim_row *row, char *out)
{
    const double pct = row->n > 0 ? 100.0 * (double)row->n_failed / (double)row->n : 0;
    char number[UNITS_TEXT_BYTES];
    if (row->n == 0 || row->n_failed == 0)
        snprintf(out, UNITS_TEXT_BYTES, row->n == 0 ? "-" : "0");
    else
        snprintf(out, UNITS_TEXT_BYTES, "%.24s %%", pct >= 100 ? "100" : units_number_text(pct, number));
    return out;
}

static const char *model_text(const struct claim_row *row)
{
    return row->is_open ? "response" : "service";
}

static void add_row(const struct summary *s, struct table *t, const struct claim_row *row)
{
    char n[UNITS_TEXT_BYTES], text[UNITS_TEXT_BYTES];
    const char *name = row->stream ? row->stream : row->cluster;
    const char *label = summary_row_name(s, row);
    table_cell(t, "%s", label);
    table_cell(t, "%s", strcmp(label, name) != 0 ? name : "");
    table_cell(t, "%s", units_count_text(row->n, n));
    table_cell(t, "%s", failed_text(row, text));
    const struct claim *rate = &row->claims[CLAIM_RATE];
    table_cell(t, "%s", isfinite(rate->rate_per_s) ? units_number_text(rate->rate_per_s, text) : "-");
    table_cell(t, "%s", isfinite(rate->rate_per_s) ? summary_mark(rate) : "");
    for (int what = CLAIM_P50; what < N_CLAIMS; what++) {
        table_cell(t, "%s", attempt_time_text(row->claims[what].time, text));
        table_cell(t, "%s", summary_mark(&row->claims[what]));
    }
    table_cell(t, "%s", summary_is_one_model(s) ? "" : model_text(row));
}

static void add_heading(struct table *t)
{
    table_column(t, TABLE_LEFT, 2);
    table_column(t, TABLE_LEFT, 1);
    table_column(t, TABLE_RIGHT, 2);
    table_column(t, TABLE_RIGHT, 2);
    for (int what = CLAIM_RATE; what < N_CLAIMS; what++) {
        table_column(t, TABLE_RIGHT, 2);
        table_column(t, TABLE_LEFT, 0); /* the mark */
    }
    table_column(t, TABLE_LEFT, 1);
    table_cell(t, "%s", "");
    table_cell(t, "%s", "");
    table_cell(t, "requests");
    table_cell(t, "failed");
    for (int what = CLAIM_RATE; what < N_CLAIMS; what++) {
        table_cell(t, "%s", what == CLAIM_RATE ? "good/s" : claim_name((enum claim_what)what));
        table_cell(t, "%s", "");
    }
    table_cell(t, "%s", "");
}

static int print_rows(const struct summary *s, FILE *out)
{
    struct table t = { 0 };
    add_heading(&t);
    const struct claim_row *row;
    for (size_t i = 0; (row = summary_row(s, i)); i++)
        add_row(s, &t, row);
    const int status = table_print(&t, out);
    table_fini(&t);
    return status;
}

/* The slowest good answer of each row, which is no percentile: it knows nothing of failures. */
static int print_slowest(const struct summary *s, FILE *out)
{
    struct hist *times = hist_new();
    char text[UNITS_TEXT_BYTES];
    const struct claim_row *row;
    bool has_some = false;
    for (size_t i = 0; times && (row = summary_row(s, i)); i++) {
        const struct derived_cluster cluster = { .name = row->cluster };
        struct derived_scope scope = { .cluster = &cluster };
        for (size_t k = 0; row->stream && k < s->run->n_streams; k++)
            if (strcmp(s->run->streams[k].name, row->stream) == 0)
                scope.stream = &s->run->streams[k];
        hist_clear(times);
        derived_times(s->run, &scope, row->is_open ? METRIC_RESPONSE : METRIC_SERVICE, OUTCOME_OK, times);
        if (times->n == 0)
            continue;
        fprintf(out, has_some ? ", %s" : "  slowest     %s", units_duration_text(times->max_ns, text));
        has_some = true;
        if (summary_row(s, 1))
            fprintf(out, " (%s)", summary_row_name(s, row));
    }
    if (has_some)
        fputs(" of the good answers\n", out);
    hist_free(times);
    return times ? 0 : -1;
}

int summary_table(const struct summary *s, FILE *out)
{
    int status = print_rows(s, out);
    putc('\n', out);
    summary_failures(s, out);
    if (s->claims->n_rows > 0 && summary_is_one_model(s))
        fprintf(out, "  times       %s\n",
                s->claims->rows[0].is_open ? "response times: from when a request was due to its answer"
                                           : "service times: from sending a request to its answer");
    if (!s->lacks_times)
        status |= print_slowest(s, out);
    return status;
}
