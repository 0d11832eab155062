/* Percentiles over time, one panel per cluster: the median as a line, bands up to p90 and p99, the slowest
 * good answers as points. Over the attempts that ended in a step: where too many failed there is no time. */
#include "arms.h"
#include "caption.h"
#include "caption_claims.h"
#include "dataset.h"
#include "err.h"
#include "figure_axis.h"
#include "figure_set.h"
#include "figure_step.h"

#include <math.h>
#include <stdbool.h>

static const char columns[] = FIGURE_AXIS_COLUMNS ",p50_ms,p90_ms,p99_ms,p999_ms,max_ms,none,failed_n,n";
enum { N_OWN_COLUMNS = 8, LEAST_N_P999 = 1000 };

/* Steps without attempts have empty cells, which break the line; `none` names the lowest of p50, p90 and p99
 * without a time. */
static void write_step(struct csv_writer *csv, const struct dataset *data, size_t arm, size_t step)
{
    static const struct {
        const char *name;
        uint32_t p_ppm;
    } shown[] = { { "p50", 500000 }, { "p90", 900000 }, { "p99", 990000 } };
    const struct attempts a = figure_step_attempts(data, arm, step);
    const uint64_t n = attempts_n(&a);
    const char *none = "";
    figure_axis_step(csv, data, arm, step);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        const double ms = figure_step_ms(&a, shown[i].p_ppm);
        csv_fixed(csv, ms, 6);
        if (n > 0 && isnan(ms) && !*none)
            none = shown[i].name;
    }
    csv_fixed(csv, n >= LEAST_N_P999 ? figure_step_ms(&a, 999000) : NAN, 6);
    csv_fixed(csv, a.ok && a.ok->n > 0 ? (double)hist_value_at_ppm(a.ok, 1000000) / 1e6 : NAN, 6);
    csv_text(csv, none);
    csv_u64(csv, a.n_failed);
    csv_u64(csv, n);
    csv_end_row(csv);
}

static void write_caption(FILE *out, const struct dataset *data)
{
    bool any_failed = false;
    for (size_t arm = 0; arm < data->n_arms; arm++)
        any_failed |= dataset_attempts(data, arm)->n_failed > 0;
    fprintf(out,
            "Per step of %u s and cluster, over all attempts that ended in it: the median as a line, bands "
            "from the "
            "median to the 90th and on to the 99th percentile; points: the slowest good answer; grey: pause "
            "or warm-up "
            "of a stream. ",
            data->axis.step_s);
    if (any_failed && data->counts.cells)
        fputs("Cross: so many failed that the percentile has no time; its band goes up to the top. ", out);
    else if (any_failed)
        fputs("Failed attempts are left out, because intervals.csv could not be read. ", out);
    caption_claims_of_times(out, data);
    caption_of_times(out, data);
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
    write_caption(out->caption, data);
    return FIGURE_DRAWN;
}
