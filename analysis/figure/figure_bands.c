/* Percentiles over time, one panel per cluster: the median as a line, bands up to p90 and p99, the slowest
 * requests as points. */
#include "arms.h"
#include "caption.h"
#include "dataset.h"
#include "err.h"
#include "figure_axis.h"
#include "figure_set.h"

#include <math.h>

static const char columns[] = FIGURE_AXIS_COLUMNS ",p50_ms,p90_ms,p99_ms,p999_ms,max_ms,n";
enum { N_OWN_COLUMNS = 6 };

static void write_value(struct csv_writer *csv, const struct hist *h, uint32_t p_ppm, uint64_t least_n)
{
    csv_fixed(csv, h && h->n >= least_n ? (double)hist_value_at_ppm(h, p_ppm) / 1e6 : NAN, 6);
}

/* Steps without requests have empty cells, which break the line. */
static void write_step(struct csv_writer *csv, const struct dataset *data, size_t arm, size_t step)
{
    const struct hist *h = dataset_step(data, arm, step);
    figure_axis_step(csv, data, arm, step);
    write_value(csv, h, 500000, 1);
    write_value(csv, h, 900000, 1);
    write_value(csv, h, 990000, 1);
    write_value(csv, h, 999000, 1000);
    write_value(csv, h, 1000000, 1);
    csv_u64(csv, h ? h->n : 0);
    csv_end_row(csv);
}

enum figure_result figure_bands(const struct dataset *data, struct figure_file *out, struct err *e)
{
    if (dataset_latency_n(data) == 0)
        return figure_leave_out(out, "no request outside of warm-up succeeded");
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    figure_axis_rows(&out->csv, data, N_OWN_COLUMNS);
    for (size_t arm = 0; arm < data->n_arms; arm++)
        for (size_t step = 0; step < data->axis.n_steps; step++)
            write_step(&out->csv, data, arm, step);
    figure_title(out, "%s time over time", data->headline == METRIC_RESPONSE ? "Response" : "Service");
    fprintf(out->caption,
            "Per step of %u s and cluster: the median as a line, bands from the median to the 90th and on to "
            "the 99th percentile, the slowest request as a point; grey: %s. ",
            data->axis.step_s, "pause or warm-up of a stream");
    caption_of_times(out->caption, data);
    return FIGURE_DRAWN;
}
