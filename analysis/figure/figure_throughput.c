/* Throughput and errors over time: intended rate as a line, answers as steps, errors by class as stacked
 * boxes. */
#include "arms.h"
#include "caption.h"
#include "dataset.h"
#include "err.h"
#include "figure_axis.h"
#include "figure_set.h"

#include <math.h>

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

/* Writes a row per class with errors, all clusters together, each stacked on those before. Returns the
 * number of errors. */
static uint64_t write_errors(struct csv_writer *csv, const struct dataset *data, size_t step)
{
    double base_per_s = 0;
    uint64_t total_n = 0;
    for (int class = OUTCOME_OK + 1; class < N_OUTCOMES; class ++) {
        if (class == OUTCOME_RESET_IDLE) /* counts events, not requests */
            continue;
        uint64_t n = 0;
        double covered_s = 0;
        for (size_t arm = 0; arm < data->n_arms; arm++) {
            n += dataset_cell(data, arm, step)->by_outcome_n[class];
            covered_s = fmax(covered_s, dataset_cell(data, arm, step)->covered_s);
        }
        if (n == 0 || !has_rate(data, step, covered_s))
            continue;
        const double begin_s = (double)step * data->axis.step_s;
        figure_axis_cells(csv, data, "error", data->n_arms, begin_s, begin_s + covered_s, "");
        csv_empty(csv);
        csv_empty(csv);
        csv_empty(csv);
        csv_text(csv, outcome_name((enum outcome) class));
        csv_fixed(csv, base_per_s + (double)n / covered_s, 3);
        csv_fixed(csv, base_per_s, 3);
        csv_end_row(csv);
        base_per_s += (double)n / covered_s;
        total_n += n;
    }
    return total_n;
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
    uint64_t errors_n = 0;
    for (size_t arm = 0; arm < data->n_arms; arm++)
        for (size_t step = 0; step < data->axis.n_steps; step++)
            write_rate(&out->csv, data, arm, step);
    for (size_t step = 0; step < data->axis.n_steps; step++)
        errors_n += write_errors(&out->csv, data, step);
    figure_title(out, errors_n ? "Throughput and errors over time" : "Throughput over time, no errors");
    fprintf(out->caption,
            "Successful responses per second, per step of %u s; hollow points: steps that the run or a phase "
            "did not fill (less than half filled: not drawn). ",
            data->axis.step_s);
    caption_load(out->caption, data);
    if (errors_n)
        fprintf(out->caption, "Below, failed requests per second by class, all clusters together. ");
    caption_run(out->caption, data);
    return FIGURE_DRAWN;
}
