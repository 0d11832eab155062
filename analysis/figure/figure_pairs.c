/* The pairs of a campaign: each pair's two runs joined by a line, and the ratios in order of running. */
#include "caption.h"
#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"

#include <math.h>
#include <string.h>

static const char columns[] = "place,pair,kind,order,series,style,role,label,value_ms,other_ms,ratio,centre";

static void write_run(struct csv_writer *csv, const struct comparison *c, size_t index, bool is_b)
{
    const struct comparison_pair *pair = &c->pairs[index];
    const enum sample_value value = c->primary;
    const struct sample *s = is_b ? &pair->b : &pair->a;
    csv_u64(csv, index + 1);
    csv_u64(csv, pair->number);
    csv_text(csv, pair->is_control ? "aa" : "ab");
    csv_text(csv, pair->order);
    csv_text(csv, s->series);
    csv_i64(csv, s->style);
    csv_text(csv, is_b ? "b" : "a");
    csv_text(csv, s->label);
    csv_fixed(csv, s->value[value] / 1e6, 6);
    csv_fixed(csv, (is_b ? pair->a : pair->b).value[value] / 1e6, 6);
    csv_fixed(csv, pair->b.value[value] / pair->a.value[value], 6);
    csv_fixed(csv, comparison_ratio(c, value).value, 6);
    csv_end_row(csv);
}

static bool is_side_by_side(const struct comparison *c)
{
    return strcmp(comparison_first(c)->order, "side") == 0;
}

static void write_caption(FILE *out, const struct dataset *data)
{
    const struct comparison *c = data->comparison;
    const struct comparison_pair *pair = comparison_first(c);
    if (is_side_by_side(c))
        fputs("Left: a line joins the two clusters of one run", out);
    else
        fprintf(out, "Left: a line joins the two runs of a pair, dashed where %s ran first", pair->b.label);
    fputs(c->n_controls > 0 ? "; grey: control pairs, the same cluster twice. " : ". ", out);
    fputs(
        "Right: the pairs' ratios in the order of running; the dashed line is the pairs' ratio as a whole. ",
        out);
    comparison_sentence(out, c);
    fputc(' ', out);
    caption_comparison(out, data);
}

enum figure_result figure_pairs(const struct dataset *data, struct figure_file *out, struct err *e)
{
    const struct comparison *c = data->comparison;
    if (!c || c->n_pairs < 2)
        return figure_leave_out(out, "a campaign with two complete pairs is needed");
    if (c->results[c->primary].n_pairs < 2)
        return figure_leave_out(out, "the runs have too few requests for their %s",
                                sample_value_name(c->primary));
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        if (!isfinite(c->pairs[i].b.value[c->primary] / c->pairs[i].a.value[c->primary]))
            continue;
        write_run(&out->csv, c, i, false);
        write_run(&out->csv, c, i, true);
    }
    figure_title(out, "Pairs of runs: %s of each", sample_value_name(c->primary));
    write_caption(out->caption, data);
    return FIGURE_DRAWN;
}
