/* The share of attempts answered within a time (ECDF), and the share that took longer or failed (CCDF), for
 * every time. */
#include "arms.h"
#include "caption.h"
#include "caption_claims.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"
#include "figure_share.h"

static const char columns[] = "kind,cluster,series,style,value_ms,cdf,ccdf,n,note";
enum { POINTS_MOST = 600 };

static void write_point(struct csv_writer *csv, const struct dataset *data, size_t index, const char *kind,
                        uint64_t time_ns, uint64_t within_n, const char *note)
{
    const struct arm *arm = &data->arms[index];
    const uint64_t n = attempts_n(dataset_attempts(data, index));
    csv_text(csv, kind);
    csv_text(csv, arm->cluster);
    csv_text(csv, arm->series);
    csv_i64(csv, arm->style);
    csv_fixed(csv, (double)time_ns / 1e6, 6);
    csv_fixed(csv, (double)within_n / (double)n, 9);
    csv_fixed(csv, (double)(n - within_n) / (double)n, 9);
    csv_u64(csv, n);
    csv_text(csv, note);
    csv_end_row(csv);
}

/* A point for every bin that moves the line visibly: in the body by 1/POINTS_MOST of the attempts, in the
 * tail by a fiftieth of the rest. */
static void write_line(struct csv_writer *csv, const struct dataset *data, size_t arm)
{
    const struct attempts *a = dataset_attempts(data, arm);
    const struct hist *h = a->ok;
    const uint64_t n = attempts_n(a);
    uint64_t within_n = 0, drawn_n = 0;
    for (uint32_t index = hist_first(h), last = hist_last(h); index <= last; index++) {
        if (!hist_count(h, index))
            continue;
        within_n += hist_count(h, index);
        const uint64_t step_n = within_n - drawn_n;
        if (drawn_n > 0 && index != last && step_n < n / POINTS_MOST && step_n < (n - within_n) / 50)
            continue;
        write_point(csv, data, arm, "line", hist_highest_ns(index), within_n, "");
        drawn_n = within_n;
    }
}

/* Where the line ends below all of the attempts, and why. */
static bool write_end(struct csv_writer *csv, const struct dataset *data, size_t arm)
{
    const struct attempts *a = dataset_attempts(data, arm);
    char note[FIGURE_SHARE_BYTES];
    if (a->n_failed + a->n_censored == 0)
        return false;
    const uint64_t n_ok = attempts_n_ok(a);
    write_point(csv, data, arm, "end", n_ok > 0 ? hist_highest_ns(hist_last(a->ok)) : 0, n_ok,
                figure_share_words(a, note));
    return true;
}

enum figure_result figure_ecdf(const struct dataset *data, struct figure_file *out, struct err *e)
{
    if (dataset_latency_n(data) == 0)
        return figure_leave_out(out, "no request outside of warm-up succeeded");
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    bool has_end = false;
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        if (attempts_n_ok(dataset_attempts(data, arm)) > 0)
            write_line(&out->csv, data, arm);
        has_end |= write_end(&out->csv, data, arm);
    }
    figure_title(out, "Distribution of %s times", data->headline == METRIC_RESPONSE ? "response" : "service");
    fprintf(out->caption,
            "Left: share of all attempts that got a good answer within a time. Right: the rest, on two log "
            "scales. %s",
            has_end ? "A line that ends in a cross ends below 100 %: the rest failed or was cut off. " : "");
    caption_claims_of_times(out->caption, data);
    caption_of_times(out->caption, data);
    return FIGURE_DRAWN;
}
