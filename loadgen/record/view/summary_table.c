#include "summary.h"

#include "active_time.h"
#include "run_clusters.h"
#include "stats_query.h"
#include "table.h"
#include "units.h"

#include <stdio.h>
#include <string.h>

enum { FEW_BEYOND = 10 };

/* One row: a cluster or a stream. */
struct row {
    const char *name, *label;
    uint64_t streams;
};

static const uint32_t columns_ppm[] = { 500000, 900000, 990000, 999000, 1000000 };
enum { N_COLUMNS = sizeof columns_ppm / sizeof *columns_ppm };

static bool is_one_model(const struct plan *plan)
{
    for (size_t s = 1; s < plan->n_streams; s++)
        if (plan->streams[s].model != plan->streams[0].model)
            return false;
    return true;
}

/* Clusters, when there are several and their streams' times may be put together; else streams. */
static size_t list_rows(const struct plan *plan, struct row *rows)
{
    struct run_cluster clusters[RUN_CLUSTERS_MOST];
    const size_t n_clusters = run_clusters(plan, clusters);
    size_t n = 0;
    for (size_t i = 0; i < n_clusters; i++)
        if (clusters[i].streams)
            rows[n++] = (struct row){ clusters[i].name, clusters[i].label, clusters[i].streams };
    if (n > 1 && is_one_model(plan))
        return n;
    for (n = 0; n < plan->n_streams; n++)
        rows[n] = (struct row){ plan->streams[n].name, "", UINT64_C(1) << n };
    return n;
}

static const struct hist *times_of(const struct summary *s, const struct row *row)
{
    const struct stats_scope scope = { .plan = s->plan, .streams = row->streams, .ok_only = true };
    return stats_values(s->run, &scope, STATS_HEADLINE, s->scratch);
}

/* One unit for all times, by the largest median. */
struct unit {
    const char *name;
    double ns;
};

static struct unit choose_unit(const struct summary *s, const struct row *rows, size_t n)
{
    uint64_t p50_ns = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t row_ns = hist_value_at_ppm(times_of(s, &rows[i]), 500000);
        if (row_ns > p50_ns)
            p50_ns = row_ns;
    }
    if (p50_ns > 0 && p50_ns < NS_PER_MS)
        return (struct unit){ "us", 1e3 };
    return p50_ns < 10 * NS_PER_S ? (struct unit){ "ms", 1e6 } : (struct unit){ "s", 1e9 };
}

/* Adds the cells of a row's times; true when one of them rests on few samples. */
static bool time_cells(struct table *t, const struct hist *h, struct unit unit)
{
    bool has_star = false;
    char text[UNITS_TEXT_BYTES];
    for (int i = 0; i < N_COLUMNS; i++) {
        const bool is_max = columns_ppm[i] == 1000000;
        const uint64_t ns = is_max ? h->max_ns : hist_value_at_ppm(h, columns_ppm[i]);
        const bool is_star = !is_max && hist_n_beyond(h->n, columns_ppm[i]) < FEW_BEYOND;
        if (h->n == 0)
            table_cell(t, "-");
        else
            table_cell(t, "%s%s", units_number_text((double)ns / unit.ns, text), is_star ? "*" : "");
        has_star |= is_star && h->n > 0;
    }
    return has_star;
}

static bool add_row(struct table *t, const struct summary *s, const struct row *row, struct unit unit)
{
    const struct stats_scope scope = { .plan = s->plan, .streams = row->streams };
    const uint64_t active_ns = active_time_ns(s->plan, s->phases, row->streams, s->end_ns);
    char done[UNITS_TEXT_BYTES], failed[UNITS_TEXT_BYTES], rate[UNITS_TEXT_BYTES];
    struct stats_counts ends;
    stats_count(s->run, &scope, &ends);
    table_cell(t, "%s", row->name);
    table_cell(t, "%s", strcmp(row->label, row->name) != 0 ? row->label : "");
    table_cell(t, "%s", units_count_text(ends.n_done, done));
    table_cell(t, "%s", units_count_text(ends.n_err, failed));
    if (ends.n_ok == 0)
        table_cell(t, "0/s");
    else if (active_ns > 0)
        table_cell(t, "%s/s", units_number_text((double)ends.n_ok * 1e9 / (double)active_ns, rate));
    else
        table_cell(t, "-");
    return time_cells(t, times_of(s, row), unit);
}

static const char *time_name(const struct plan *plan, uint64_t streams)
{
    for (size_t i = 0; i < plan->n_streams; i++)
        if (streams >> i & 1)
            return plan->streams[i].model == PLAN_OPEN ? "response time" : "service time";
    return "";
}

static void add_heading(struct table *t, const struct plan *plan, struct unit unit)
{
    static const char *const words[] = { "",    "",    "requests", "errors", "ok rate",
                                         "p50", "p90", "p99",      "p99.9",  "max" };
    table_column(t, TABLE_LEFT, 2);
    table_column(t, TABLE_LEFT, 2);
    for (int i = 0; i < 3; i++)
        table_column(t, TABLE_RIGHT, 2);
    for (int i = 0; i < N_COLUMNS; i++)
        table_column(t, TABLE_POINT, 3);
    table_column(t, TABLE_LEFT, 3);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        table_cell(t, "%s", words[i]);
    table_cell(t, is_one_model(plan) ? "%s, %s of ok answers" : "%s, of ok answers", unit.name,
               time_name(plan, UINT64_MAX));
}

void summary_table(const struct summary *s)
{
    struct row rows[RUN_CLUSTERS_MOST];
    struct table t = { 0 };
    bool has_star = false;
    const size_t n = list_rows(s->plan, rows);
    const struct unit unit = choose_unit(s, rows, n);
    add_heading(&t, s->plan, unit);
    for (size_t i = 0; i < n; i++) {
        has_star |= add_row(&t, s, &rows[i], unit);
        table_cell(&t, "%s", is_one_model(s->plan) ? "" : time_name(s->plan, rows[i].streams));
    }
    table_print(&t, s->out);
    table_fini(&t);
    if (has_star)
        fprintf(s->out, "  * fewer than %d samples beyond\n", FEW_BEYOND);
}
