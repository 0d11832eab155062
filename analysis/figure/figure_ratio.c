/* How many times as long the second cluster takes, by percentile, with intervals, the margin, and the
 * ratios of the same cluster to itself. */
#include "caption.h"
#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"

#include <math.h>
#include <stdbool.h>

static const char columns[] = "kind,place,name,series,style,ratio,lo,hi,margin,n_pairs,decision";

static void write_row(struct csv_writer *csv, const char *kind, enum sample_value value,
                      const struct sample *b, struct decide_interval ratio, double margin)
{
    csv_text(csv, kind);
    csv_u64(csv, (uint64_t)value);
    csv_text(csv, sample_value_name(value));
    csv_text(csv, b->series);
    csv_i64(csv, b->style);
    csv_fixed(csv, ratio.value, 6);
    csv_fixed(csv, ratio.lo, 6);
    csv_fixed(csv, ratio.hi, 6);
    csv_fixed(csv, margin, 4);
}

static void write_value(struct csv_writer *csv, const struct comparison *c, const struct sample *b,
                        enum sample_value value)
{
    const struct decide_result *r = &c->results[value];
    const struct decide_interval ratio = comparison_ratio(c, value);
    if (!isfinite(ratio.value))
        return;
    write_row(csv, "ab", value, b, ratio, c->margin);
    csv_u64(csv, r->n_pairs);
    csv_text(csv, decide_outcome_name(r->outcome));
    csv_end_row(csv);
}

/* A row per control and percentile. */
static void write_control(struct csv_writer *csv, const struct comparison *c,
                          const struct comparison_pair *pair, enum sample_value value)
{
    const struct decide_interval ratio = { pair->b.value[value] / pair->a.value[value], NAN, NAN };
    if (!isfinite(ratio.value))
        return;
    write_row(csv, "aa", value, &pair->b, ratio, c->margin);
    csv_u64(csv, 1);
    csv_empty(csv);
    csv_end_row(csv);
}

static void write_values(struct csv_writer *csv, const struct comparison *c, const struct sample *b)
{
    for (int value = SAMPLE_P50; value <= SAMPLE_P999; value++) {
        write_value(csv, c, b, (enum sample_value)value);
        for (size_t i = 0; i < c->n_pairs + c->n_controls; i++)
            if (c->pairs[i].is_control)
                write_control(csv, c, &c->pairs[i], (enum sample_value)value);
    }
}

static const struct comparison_pair *first_control(const struct comparison *c)
{
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++)
        if (c->pairs[i].is_control)
            return &c->pairs[i];
    return NULL;
}

static bool has_open_interval(const struct comparison *c)
{
    bool is_open = false;
    for (int value = SAMPLE_P50; value <= SAMPLE_P999; value++) {
        const struct decide_interval ratio = comparison_ratio(c, (enum sample_value)value);
        is_open |= isfinite(ratio.value) && isfinite(ratio.lo) && isinf(ratio.hi);
    }
    return is_open;
}

static void write_caption(FILE *out, const struct dataset *data)
{
    const struct comparison *c = data->comparison;
    const struct comparison_pair *control = first_control(c);
    comparison_sentence(out, c);
    const char *why = c->within_run ? c->within[SAMPLE_P50].why : "";
    fprintf(out, " Points: ratio of percentiles, %s%s; grey band: the margin of %.3g %%%s",
            *why            ? "no intervals: "
            : c->within_run ? "with 95 % intervals from this run's seconds"
                            : "with 95 % intervals over pairs of runs (t, log ratios)",
            why, 100 * c->margin, c->within_run ? "" : ", declared in advance");
    if (has_open_interval(c))
        fputs("; arrow: no upper end", out);
    if (control)
        fprintf(out, "; circles: %s against itself, one per control pair", control->a.label);
    fputs(". ", out);
    caption_comparison(out, data);
}

enum figure_result figure_ratio(const struct dataset *data, struct figure_file *out, struct err *e)
{
    const struct comparison *c = data->comparison;
    const struct comparison_pair *pair = c ? comparison_first(c) : NULL;
    if (!pair || !isfinite(comparison_ratio(c, SAMPLE_P50).value))
        return figure_leave_out(out, "there are no two clusters with successful requests to compare");
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    write_values(&out->csv, c, &pair->b);
    figure_title(out, "Times of %s as multiples of those of %s", pair->b.label, pair->a.label);
    write_caption(out->caption, data);
    return FIGURE_DRAWN;
}
