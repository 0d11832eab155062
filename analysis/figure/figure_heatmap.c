/* Latency heatmap: good answers by when they came and how long they took, one panel per cluster. Rows are
 * even in log time. Failures have no place in it. */
#include "arms.h"
#include "caption.h"
#include "dataset.h"
#include "err.h"
#include "figure_axis.h"
#include "figure_set.h"

#include <math.h>
#include <string.h>

static const char columns[] = FIGURE_AXIS_COLUMNS ",lo_ms,hi_ms,count_n";
enum { N_OWN_COLUMNS = 3, COLUMNS_MOST = 120, ROWS_MOST = 48 };

/* The `n` rows of the map: each is `ratio` times as long as the one below; the last ends above all values. */
struct rows {
    double lo_ns, ratio;
    unsigned n;
};

static struct rows choose_rows(const struct dataset *data)
{
    uint64_t least_ns = UINT64_MAX, most_ns = 1;
    for (size_t i = 0; i < data->n_arms * data->axis.n_steps; i++) {
        const struct hist *h = data->by_step[i];
        if (!h)
            continue;
        least_ns = h->min_ns < least_ns ? h->min_ns : least_ns;
        most_ns = h->max_ns > most_ns ? h->max_ns : most_ns;
    }
    const double lo_ns = fmax((double)least_ns, 1);
    const double decades = log10((double)most_ns * 1.001 / lo_ns);
    const unsigned n = decades < 0.3 ? ROWS_MOST / 2 : ROWS_MOST;
    return (struct rows){ .lo_ns = lo_ns, .ratio = pow(10, fmax(decades, 0.01) / n), .n = n };
}

static unsigned row_of(const struct rows *rows, uint32_t index)
{
    const double middle_ns = 0.5 * ((double)hist_lowest_ns(index) + (double)hist_highest_ns(index));
    return (unsigned)(log(fmax(middle_ns / rows->lo_ns, 1)) / log(rows->ratio));
}

static void count_cells(const struct dataset *data, size_t arm, size_t from, size_t to,
                        const struct rows *rows, uint64_t *count)
{
    memset(count, 0, ROWS_MOST * sizeof *count);
    for (size_t step = from; step < to; step++) {
        const struct hist *h = dataset_step(data, arm, step);
        for (uint32_t i = h ? hist_first(h) : 1; h && i <= hist_last(h); i++)
            if (hist_count(h, i))
                count[row_of(rows, i)] += hist_count(h, i);
    }
}

static void write_column(struct csv_writer *csv, const struct dataset *data, size_t arm, size_t from,
                         size_t to, const struct rows *rows)
{
    uint64_t count[ROWS_MOST];
    count_cells(data, arm, from, to, rows, count);
    for (unsigned row = 0; row < rows->n; row++) {
        if (!count[row])
            continue;
        figure_axis_cells(csv, data, "value", arm, (double)from * data->axis.step_s,
                          fmin((double)to * data->axis.step_s, data->run.duration_s), "");
        csv_fixed(csv, rows->lo_ns * pow(rows->ratio, row) / 1e6, 6);
        csv_fixed(csv, rows->lo_ns * pow(rows->ratio, row + 1) / 1e6, 6);
        csv_u64(csv, count[row]);
        csv_end_row(csv);
    }
}

enum figure_result figure_heatmap(const struct dataset *data, struct figure_file *out, struct err *e)
{
    if (dataset_latency_n(data) == 0)
        return figure_leave_out(out, "no request outside of warm-up succeeded");
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    figure_axis_rows(&out->csv, data, N_OWN_COLUMNS);
    const struct rows rows = choose_rows(data);
    const size_t n_together = (data->axis.n_steps + COLUMNS_MOST - 1) / COLUMNS_MOST;
    for (size_t arm = 0; arm < data->n_arms; arm++)
        for (size_t step = 0; step < data->axis.n_steps; step += n_together)
            write_column(&out->csv, data, arm, step,
                         step + n_together < data->axis.n_steps ? step + n_together : data->axis.n_steps,
                         &rows);
    figure_title(out, "%s time over time, good answers",
                 data->headline == METRIC_RESPONSE ? "Response" : "Service");
    fprintf(out->caption,
            "Of successes: each cell counts the good answers that came within %zu s and took so long; darker "
            "is more, "
            "on a log scale, white is none. ",
            n_together * data->axis.step_s);
    caption_of_times(out->caption, data);
    return FIGURE_DRAWN;
}
