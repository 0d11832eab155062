/* The percentile spectrum: time by percentile from the median on, on an axis with equal room for each
 * further nine. */
#include "arms.h"
#include "caption.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"
#include "within.h"

#include <math.h>
#include <string.h>

static const char columns[] = "cluster,series,style,p_ppm,inv_tail,value_ms,lo_ms,hi_ms,n_beyond,n";
enum { BEYOND_LEAST = 10, POINTS_PER_DECADE = 24, POINTS_MOST = 137 };

/* Even steps in log 1/(1-p) from the median on. */
static uint32_t percentile_ppm(unsigned i)
{
    return (uint32_t)lround(1e6 * (1 - 0.5 * pow(10, -(double)i / POINTS_PER_DECADE)));
}

/* Chooses percentiles with enough requests beyond them. */
static size_t choose_percentiles(const struct hist *h, uint32_t *p_ppm)
{
    size_t n = 0;
    for (unsigned i = 0; i < POINTS_MOST; i++) {
        p_ppm[n] = percentile_ppm(i);
        if (hist_n_beyond(h->n, p_ppm[n]) < BEYOND_LEAST)
            break;
        n++;
    }
    return n;
}

/* Writes an arm's percentiles; `why` receives the reason when they have no intervals. */
static void write_arm(struct csv_writer *csv, const struct dataset *data, size_t index,
                      char why[RUN_INTERVAL_WHY_BYTES])
{
    const struct arm *arm = &data->arms[index];
    const struct hist *h = data->latency[index];
    uint32_t p_ppm[POINTS_MOST];
    const size_t n = choose_percentiles(h, p_ppm);
    for (size_t i = 0; i < n; i++) {
        const struct run_interval interval = within_percentile(data, index, p_ppm[i]);
        csv_text(csv, arm->cluster);
        csv_text(csv, arm->series);
        csv_i64(csv, arm->style);
        csv_u64(csv, p_ppm[i]);
        csv_fixed(csv, 1e6 / (1e6 - p_ppm[i]), 4);
        csv_fixed(csv, (double)hist_value_at_ppm(h, p_ppm[i]) / 1e6, 6);
        csv_fixed(csv, interval.lo / 1e6, 6);
        csv_fixed(csv, interval.hi / 1e6, 6);
        csv_u64(csv, hist_n_beyond(h->n, p_ppm[i]));
        csv_u64(csv, h->n);
        csv_end_row(csv);
        if (*interval.why && !*why)
            memcpy(why, interval.why, RUN_INTERVAL_WHY_BYTES);
    }
}

enum figure_result figure_spectrum(const struct dataset *data, struct figure_file *out, struct err *e)
{
    uint64_t most_n = 0;
    for (size_t i = 0; i < data->n_arms; i++)
        most_n = data->latency[i]->n > most_n ? data->latency[i]->n : most_n;
    if (most_n < UINT64_C(2) * BEYOND_LEAST)
        return figure_leave_out(out, "no cluster has %d successful requests outside of warm-up",
                                2 * BEYOND_LEAST);
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    char why[RUN_INTERVAL_WHY_BYTES] = "";
    for (size_t i = 0; i < data->n_arms; i++)
        write_arm(&out->csv, data, i, why);
    figure_title(out, "%s by percentile",
                 data->headline == METRIC_RESPONSE ? "Response time" : "Service time");
    fprintf(out->caption,
            "The time that so many per cent of the requests stayed within; a line ends where fewer than %d "
            "requests lie beyond. ",
            BEYOND_LEAST);
    if (*why)
        fprintf(out->caption, "No bands: %s. ", why);
    else
        fputs("Bands: 95 % intervals from this run's seconds, as far as they have an upper end; how runs "
              "differ, "
              "only several runs can tell. ",
              out->caption);
    caption_of_times(out->caption, data);
    return FIGURE_DRAWN;
}
