/* How many times as long the second cluster takes, by percentile, with intervals, the margin, and the
 * ratios of the same cluster to itself. */
#include "caption_comparison.h"
#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"
#include "units.h"

#include <math.h>
#include <stdbool.h>

static const char columns[] = "kind,place,name,series,style,ratio,lo,hi,margin,n_pairs,decision,note";

enum { NOTE_BYTES = 64 };

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

static void end_row(struct csv_writer *csv, size_t n_pairs, const char *decision, const char *note)
{
    csv_u64(csv, n_pairs);
    csv_text(csv, decision);
    csv_text(csv, note);
    csv_end_row(csv);
}

/* A percentile that some runs lack, as too many of their requests failed: only which arm's is longer is
 * known, and at best a bound. `higher` and `lower` say which way the arrow goes. */
static void write_lost(struct csv_writer *csv, const struct comparison *c, const struct comparison_pair *pair,
                       enum sample_value value)
{
    static const struct decide_interval none = { NAN, NAN, NAN };
    const struct decide_result *r = &c->results[value];
    const struct decide_signs *signs = &r->signs;
    const bool is_higher = signs->n_higher > signs->n_lower;
    char note[NOTE_BYTES], text[UNITS_TEXT_BYTES];
    if (r->method != DECIDE_SIGN_TEST || signs->n_higher == signs->n_lower)
        return;
    if (isfinite(signs->beyond))
        snprintf(note, sizeof note, "%s %s", is_higher ? ">" : "<", units_number_text(signs->beyond, text));
    else
        snprintf(note, sizeof note, "%.40s: none", is_higher ? pair->b.label : pair->a.label);
    write_row(csv, is_higher ? "higher" : "lower", value, &pair->b, none, c->margin);
    end_row(csv, r->n_pairs, decide_outcome_name(r->outcome), note);
}

static void write_value(struct csv_writer *csv, const struct comparison *c,
                        const struct comparison_pair *pair, enum sample_value value)
{
    const struct decide_interval ratio = comparison_ratio(c, value);
    if (!isfinite(ratio.value)) {
        write_lost(csv, c, pair, value);
        return;
    }
    write_row(csv, "ab", value, &pair->b, ratio, c->margin);
    end_row(csv, c->results[value].n_pairs, decide_outcome_name(c->results[value].outcome), "");
}

/* A row per control and percentile. */
static void write_control(struct csv_writer *csv, const struct comparison *c,
                          const struct comparison_pair *pair, enum sample_value value)
{
    const struct decide_interval ratio = { pair->b.value[value] / pair->a.value[value], NAN, NAN };
    if (!isfinite(ratio.value))
        return;
    write_row(csv, "aa", value, &pair->b, ratio, c->margin);
    end_row(csv, 1, "", "");
}

static void write_values(struct csv_writer *csv, const struct comparison *c,
                         const struct comparison_pair *pair)
{
    for (int value = SAMPLE_P50; value <= SAMPLE_P999; value++) {
        write_value(csv, c, pair, (enum sample_value)value);
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

/* Whether the ratio of a percentile is known by its direction alone. */
static bool has_lost(const struct comparison *c)
{
    int value = SAMPLE_P50;
    while (value <= SAMPLE_P999 && (isfinite(comparison_ratio(c, (enum sample_value)value).value) ||
                                    c->results[value].signs.n_higher == c->results[value].signs.n_lower))
        value++;
    return value <= SAMPLE_P999;
}

static bool has_ratio(const struct comparison *c)
{
    int value = SAMPLE_P50;
    while (value <= SAMPLE_P999 && !isfinite(comparison_ratio(c, (enum sample_value)value).value))
        value++;
    return value <= SAMPLE_P999;
}

static void describe_intervals(FILE *out, const struct comparison *c)
{
    if (c->within_run && *c->within[SAMPLE_P50].why)
        fprintf(out, "no intervals: %s", c->within[SAMPLE_P50].why);
    else if (c->within_run)
        fputs("with 95 % intervals from this run's seconds", out);
    else if (c->n_pairs < DECIDE_PAIRS_LEAST)
        fprintf(out, "no intervals, which take %d pairs of runs", DECIDE_PAIRS_LEAST);
    else
        fputs("with 95 % intervals over pairs of runs (t, log ratios)", out);
}

static void write_caption(FILE *out, const struct dataset *data)
{
    const struct comparison *c = data->comparison;
    const struct comparison_pair *control = first_control(c);
    fputs("Points: ratio of percentiles, ", out);
    describe_intervals(out, c);
    fprintf(out, "; grey band: the margin of %.3g %%%s", 100 * c->margin,
            c->within_run ? "" : ", declared in advance");
    if (has_open_interval(c))
        fputs("; arrow: no upper end", out);
    if (has_lost(c))
        fputs("; arrow with words: so many requests of a cluster failed that it has no such percentile", out);
    if (control)
        fprintf(out, "; circles: %s against itself, one per control pair", control->a.label);
    fputs(". ", out);
    caption_comparison(out, data);
}

enum figure_result figure_ratio(const struct dataset *data, struct figure_file *out, struct err *e)
{
    const struct comparison *c = data->comparison;
    const struct comparison_pair *pair = c ? comparison_first(c) : NULL;
    if (!pair || (!has_ratio(c) && !has_lost(c)))
        return figure_leave_out(out, "there are no two clusters with good answers to compare");
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    write_values(&out->csv, c, pair);
    figure_title(out, "Times of %s as multiples of those of %s", pair->b.label, pair->a.label);
    write_caption(out->caption, data);
    return FIGURE_DRAWN;
}
