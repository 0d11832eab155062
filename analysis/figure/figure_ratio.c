/* How many times as long the second cluster takes, by percentile, with intervals, the margin, and the
 * ratio of the same cluster to itself. */
#include "caption.h"
#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"

#include <math.h>

static const char columns[] = "place,name,series,style,ratio,lo,hi,aa_lo,aa_hi,margin,n_pairs,decision";

static void write_value(struct csv_writer *csv, const struct comparison *c, const struct sample *b,
                        enum sample_value value)
{
    const struct decide_result *r = &c->results[value];
    const struct decide_interval ratio = comparison_ratio(c, value);
    if (!isfinite(ratio.value))
        return;
    csv_u64(csv, (uint64_t)value);
    csv_text(csv, sample_value_name(value));
    csv_text(csv, b->series);
    csv_i64(csv, b->style);
    csv_fixed(csv, ratio.value, 6);
    csv_fixed(csv, ratio.lo, 6);
    csv_fixed(csv, ratio.hi, 6);
    csv_fixed(csv, r->control.n ? r->control.least : NAN, 6);
    csv_fixed(csv, r->control.n ? r->control.most : NAN, 6);
    csv_fixed(csv, c->margin, 4);
    csv_u64(csv, r->n_pairs);
    csv_text(csv, decide_outcome_name(r->outcome));
    csv_end_row(csv);
}

enum figure_result figure_ratio(const struct dataset *data, struct figure_file *out, struct err *e)
{
    const struct comparison *c = data->comparison;
    const struct comparison_pair *pair = c ? comparison_first(c) : NULL;
    if (!pair || !isfinite(comparison_ratio(c, SAMPLE_P50).value))
        return figure_leave_out(out, "there are no two clusters with successful requests to compare");
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    for (int i = SAMPLE_P50; i <= SAMPLE_P999; i++)
        write_value(&out->csv, c, &pair->b, (enum sample_value)i);
    figure_title(out, "Times of %s as multiples of those of %s", pair->b.label, pair->a.label);
    comparison_sentence(out->caption, c);
    fprintf(
        out->caption,
        " Points: ratio of percentiles, with 95 %% intervals %s; grey band: within %.0f %%, of no interest",
        c->within_run ? "from resampling the seconds of this run" : "over pairs of runs (t, log ratios)",
        100 * c->margin);
    fputs(c->n_controls ? "; grey bars: the same cluster measured twice. " : ". ", out->caption);
    caption_comparison(out->caption, data);
    return FIGURE_DRAWN;
}
