/* The share of requests done within a time (ECDF), and that took longer (CCDF), for every time. */
#include "arms.h"
#include "caption.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"

static const char columns[] = "cluster,series,style,value_ms,cdf,ccdf,n";
enum { POINTS_MOST = 600 };

static void write_point(struct csv_writer *csv, const struct arm *arm, const struct hist *h, uint32_t index,
                        uint64_t within_n)
{
    csv_text(csv, arm->cluster);
    csv_text(csv, arm->series);
    csv_i64(csv, arm->style);
    csv_fixed(csv, (double)hist_highest_ns(index) / 1e6, 6);
    csv_fixed(csv, (double)within_n / (double)h->n, 9);
    csv_fixed(csv, (double)(h->n - within_n) / (double)h->n, 9);
    csv_u64(csv, h->n);
    csv_end_row(csv);
}

/* A point for every bin that moves the line visibly: in the body by 1/POINTS_MOST of the requests, in the
 * tail by a fiftieth of the rest. */
static void write_arm(struct csv_writer *csv, const struct arm *arm, const struct hist *h)
{
    uint64_t within_n = 0, drawn_n = 0;
    for (uint32_t index = hist_first(h), last = hist_last(h); index <= last; index++) {
        if (!hist_count(h, index))
            continue;
        within_n += hist_count(h, index);
        const uint64_t left_n = h->n - within_n;
        const uint64_t step_n = within_n - drawn_n;
        if (drawn_n > 0 && index != last && step_n < h->n / POINTS_MOST && step_n < left_n / 50)
            continue;
        write_point(csv, arm, h, index, within_n);
        drawn_n = within_n;
    }
}

enum figure_result figure_ecdf(const struct dataset *data, struct figure_file *out, struct err *e)
{
    if (dataset_latency_n(data) == 0)
        return figure_leave_out(out, "no request outside of warm-up succeeded");
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    for (size_t i = 0; i < data->n_arms; i++)
        write_arm(&out->csv, &data->arms[i], data->latency[i]);
    figure_title(out, "Distribution of %s times", data->headline == METRIC_RESPONSE ? "response" : "service");
    fputs("Left: share of requests done within a time. Right: share that took longer, on two log scales, "
          "which shows the tail. ",
          out->caption);
    caption_of_times(out->caption, data);
    return FIGURE_DRAWN;
}
