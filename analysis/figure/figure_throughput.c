/* Good answers per second over time as steps, the intended rate as a line; below, for each cluster that has
 * any, failed requests per second by class as stacked boxes. */
#include "arms.h"
#include "caption.h"
#include "caption_claims.h"
#include "dataset.h"
#include "err.h"
#include "figure_axis.h"
#include "figure_set.h"

#include <math.h>
#include <stdbool.h>

static const char columns[] =
    FIGURE_AXIS_COLUMNS ",intended_per_s,ok_per_s,partial,class,err_per_s,err_from_per_s";
enum { N_OWN_COLUMNS = 6 };

/* Rates over a fraction of a step would be wild: a step counts only when the run fills half of it. */
static bool has_rate(const struct dataset *data, size_t step, double covered_s)
{
    return covered_s > 0 && (step == 0 || covered_s >= 0.5 * data->axis.step_s);
}

static void write_rate(struct csv_writer *csv, const struct dataset *data, size_t arm, size_t step)
{
    const struct counts_cell *cell = dataset_cell(data, arm, step);
    const double begin_s = (double)step * data->axis.step_s;
    if (!has_rate(data, step, cell->covered_s))
        return;
    figure_axis_cells(csv, data, "value", arm, begin_s, begin_s + cell->covered_s, "");
    csv_fixed(csv, cell->intended_known ? (double)cell->intended_n / cell->covered_s : NAN, 3);
    csv_fixed(csv, (double)cell->ok_n / cell->covered_s, 3);
    csv_u64(csv, cell->partial);
    csv_empty(csv);
    csv_empty(csv);
    csv_empty(csv);
    csv_end_row(csv);
}

/* Writes a row per class with failures, each stacked on those before. Returns how many failed. */
static uint64_t write_failures(struct csv_writer *csv, const struct dataset *data, size_t arm, size_t step)
{
    const struct counts_cell *cell = dataset_cell(data, arm, step);
    const double begin_s = (double)step * data->axis.step_s;
    double base_per_s = 0;
    uint64_t total_n = 0;
    for (int class = OUTCOME_OK + 1; class < N_OUTCOMES; class ++) {
        const uint64_t n = cell->by_outcome_n[class];
        if (!outcome_is_failure((enum outcome) class) || n == 0 || !has_rate(data, step, cell->covered_s))
            continue;
        const double per_s = (double)n / cell->covered_s;
        figure_axis_cells(csv, data, "error", arm, begin_s, begin_s + cell->covered_s, "");
        csv_empty(csv);
        csv_empty(csv);
        csv_empty(csv);
        csv_text(csv, outcome_name((enum outcome) class));
        csv_fixed(csv, base_per_s + per_s, 3);
        csv_fixed(csv, base_per_s, 3);
        csv_end_row(csv);
        base_per_s += per_s;
        total_n += n;
    }
    return total_n;
}

static void write_caption(FILE *out, const struct dataset *data, bool any_failed)
{
    fprintf(out,
            "Good answers per second, per step of %u s%s; hollow points: steps that the run or a phase did "
            "not fill "
            "(less than half filled: not drawn). ",
            data->axis.step_s, any_failed ? "; below, failed requests per second by class" : "");
    caption_claims_of_rates(out, data);
    caption_end_own(out);
    caption_attempts(out, data);
    caption_load(out, data);
    caption_run(out, data);
}

enum figure_result figure_throughput(const struct dataset *data, struct figure_file *out, struct err *e)
{
    if (data->run.done_n == 0)
        return figure_leave_out(out, "no request was completed");
    if (!data->counts.cells)
        return figure_leave_out(out, "%s", data->no_counts);
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    figure_axis_rows(&out->csv, data, N_OWN_COLUMNS);
    uint64_t failed_n = 0;
    for (size_t arm = 0; arm < data->n_arms; arm++)
        for (size_t step = 0; step < data->axis.n_steps; step++) {
            write_rate(&out->csv, data, arm, step);
            failed_n += write_failures(&out->csv, data, arm, step);
        }
    figure_title(out,
                 failed_n > 0 ? "Throughput and failures over time" : "Throughput over time, no failures");
    write_caption(out->caption, data, failed_n > 0);
    return FIGURE_DRAWN;
}
