/* The provider's measurements beside the generator's: requests, times, CPU load and CPU credits over one
 * time axis. */
#include "arms.h"
#include "caption.h"
#include "dataset.h"
#include "err.h"
#include "figure_axis.h"
#include "figure_set.h"
#include "run_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char columns[] = FIGURE_AXIS_COLUMNS ",panel,source,value";
enum { N_OWN_COLUMNS = 3, PATH_BYTES = 4096 };

/* The metrics shown of cloudwatch.csv. Values of instances are averaged over their cluster. */
static const struct shown {
    const char *panel, *metric, *statistic;
    bool of_instances, per_period;
    double factor;
} shown[] = {
    { "requests", "RequestCount", "Sum", false, true, 1 },
    { "time", "TargetResponseTime", "Average", false, false, 1000 },
    { "cpu", "CPUUtilization", "Average", true, false, 1 },
    { "credits", "CPUCreditBalance", "Average", true, false, 1 },
};
enum { N_SHOWN = sizeof shown / sizeof *shown };

struct cell {
    double sum;
    unsigned n;
};

struct cells {
    struct cell *rows; /* owned; by metric, arm and step (cell_of) */
    size_t n_values;
    const char *source; /* "aws" or "local" */
};

static struct cell *cell_of(const struct dataset *data, const struct cells *cells, size_t what, size_t arm,
                            size_t step)
{
    return &cells->rows[(what * data->n_arms + arm) * data->axis.n_steps + step];
}

static size_t find_shown(const char *metric, const char *statistic, bool has_instance)
{
    size_t i = 0;
    while (i < N_SHOWN &&
           (strcmp(shown[i].metric, metric) != 0 || strcmp(shown[i].statistic, statistic) != 0 ||
            shown[i].of_instances != has_instance))
        i++;
    return i;
}

/* Adds a value to all steps of its period. */
static void add_value(const struct dataset *data, struct cells *cells, size_t what, size_t arm, double t_s,
                      double period_s, double value)
{
    const double scaled = value * shown[what].factor / (shown[what].per_period ? period_s : 1);
    for (size_t step = 0; step < data->axis.n_steps; step++) {
        const double middle_s = ((double)step + 0.5) * data->axis.step_s;
        if (middle_s < t_s || middle_s >= t_s + fmax(period_s, data->axis.step_s))
            continue;
        struct cell *cell = cell_of(data, cells, what, arm, step);
        cell->sum += scaled;
        cell->n++;
        cells->n_values++;
    }
}

static int read_rows(const struct dataset *data, struct cells *cells, struct csv_reader *csv, struct err *e)
{
    static const char *const names[] = { "ts_utc",  "source",   "metric", "statistic",
                                         "cluster", "instance", "value",  "period_s" };
    enum { TS, SOURCE, METRIC, STATISTIC, CLUSTER, INSTANCE, VALUE, PERIOD, N_NAMES };
    int column[N_NAMES], more;
    if (run_file_columns(csv, names, N_NAMES, column, e))
        return -1;
    while ((more = csv_next(csv, e)) > 0) {
        double value, period_s;
        struct tm tm = { 0 };
        char *const *f = csv->fields;
        const size_t what = find_shown(f[column[METRIC]], f[column[STATISTIC]], *f[column[INSTANCE]] != '\0');
        const size_t arm = arms_index(data->arms, data->n_arms, f[column[CLUSTER]]);
        if (csv_get_real(csv, column[VALUE], NAN, &value, e) ||
            csv_get_real(csv, column[PERIOD], 60, &period_s, e))
            return -1;
        if (!strptime(f[column[TS]], "%Y-%m-%dT%H:%M:%SZ", &tm))
            return err_set(
                e, ERR_INPUT,
                "%s:%llu: column 'ts_utc' must hold a time such as 2026-11-21T22:10:04Z, not '%.40s'",
                csv->path, (unsigned long long)csv->line_number, f[column[TS]]);
        cells->source = strcmp(f[column[SOURCE]], "aws") == 0 ? "CloudWatch" : "the local lab";
        const double t_s = (double)timegm(&tm) - (double)data->run.t0_realtime_ns / 1e9;
        if (what < N_SHOWN && arm < data->n_arms && isfinite(value) && period_s > 0)
            add_value(data, cells, what, arm, t_s, period_s, value);
    }
    return more;
}

static void write_row(struct csv_writer *csv, const struct dataset *data, size_t arm, size_t step,
                      const char *panel, const char *source, double value)
{
    figure_axis_step(csv, data, arm, step);
    csv_text(csv, panel);
    csv_text(csv, source);
    csv_fixed(csv, value, 4);
    csv_end_row(csv);
}

static void write_provider(struct csv_writer *csv, const struct dataset *data, const struct cells *cells,
                           size_t arm)
{
    for (size_t what = 0; what < N_SHOWN; what++)
        for (size_t step = 0; step < data->axis.n_steps; step++) {
            const struct cell *cell = cell_of(data, cells, what, arm, step);
            if (cell->n > 0 && !time_axis_step_is_cut(&data->axis, step))
                write_row(csv, data, arm, step, shown[what].panel, "provider", cell->sum / cell->n);
        }
}

static void write_generator(struct csv_writer *csv, const struct dataset *data, size_t arm)
{
    for (size_t step = 0; step < data->axis.n_steps; step++) {
        const struct hist *h = dataset_step(data, arm, step);
        const struct counts_cell *cell = data->counts.cells ? dataset_cell(data, arm, step) : NULL;
        if (time_axis_step_is_cut(&data->axis, step))
            continue;
        if (cell && cell->covered_s > 0.5 * data->axis.step_s)
            write_row(csv, data, arm, step, "requests", "generator", (double)cell->done_n / cell->covered_s);
        if (h)
            write_row(csv, data, arm, step, "time", "generator", (double)h->sum_ns / (double)h->n / 1e6);
    }
}

static enum figure_result draw(const struct dataset *data, const struct cells *cells, struct figure_file *out,
                               struct err *e)
{
    if (cells->n_values == 0)
        return figure_leave_out(out, "cloudwatch.csv has no values of this run's clusters and time");
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    figure_axis_rows(&out->csv, data, N_OWN_COLUMNS);
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        write_provider(&out->csv, data, cells, arm);
        write_generator(&out->csv, data, arm);
    }
    figure_title(out, "What %s measured beside the generator", cells->source);
    fprintf(out->caption,
            "Wide and pale: %s; thin: the generator. Requests per second; mean time (the provider's is the "
            "target's own, without the network); processor load and CPU credit balance averaged over a "
            "cluster's instances. ",
            cells->source);
    caption_end_own(out->caption);
    caption_run(out->caption, data);
    return FIGURE_DRAWN;
}

enum figure_result figure_cloudwatch(const struct dataset *data, struct figure_file *out, struct err *e)
{
    char path[PATH_BYTES];
    struct csv_reader csv;
    struct cells cells = { .source = "the provider" };
    snprintf(path, sizeof path, "%s/cloudwatch.csv", data->folder);
    if (access(path, F_OK))
        return figure_leave_out(out, "there is no cloudwatch.csv; `loadgen provision metrics` writes it");
    if (whole_lacks(data, "cloudwatch.csv"))
        return figure_leave_out(out, "%s", whole_lacks(data, "cloudwatch.csv"));
    cells.rows = calloc(N_SHOWN * data->n_arms * data->axis.n_steps + 1, sizeof *cells.rows);
    enum figure_result result = FIGURE_FAILED;
    if (!cells.rows) {
        err_set(e, ERR_FAILED, "out of memory while reading %s", path);
    } else if (!csv_open_results(&csv, path, e)) {
        if (!read_rows(data, &cells, &csv, e))
            result = draw(data, &cells, out, e);
        csv_reader_fini(&csv);
    }
    free(cells.rows);
    return result;
}
