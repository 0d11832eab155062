/* The pairs of a campaign: each pair's two runs joined by a line, and the ratios in order of running. */
#include "caption.h"
#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"

#include <math.h>

static const char columns[] = "place,pair,kind,order,series,style,role,label,value_ms,other_ms,ratio";

static void write_run(struct csv_writer *csv, const struct comparison_pair *pair, size_t place, bool is_b,
                      enum sample_value value)
{
    const struct sample *s = is_b ? &pair->b : &pair->a;
    csv_u64(csv, place);
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
    csv_end_row(csv);
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
        const struct comparison_pair *pair = &c->pairs[i];
        if (!isfinite(pair->b.value[c->primary] / pair->a.value[c->primary]))
            continue;
        write_run(&out->csv, pair, i + 1, false, c->primary);
        write_run(&out->csv, pair, i + 1, true, c->primary);
    }
    figure_title(out, "Pairs of runs: %s of each", sample_value_name(c->primary));
    fputs("Left: the two runs of a pair joined by a line, solid when the first cluster ran first and dashed "
          "when the second did; grey: the same cluster twice. Right: ratio of the pairs in the order of "
          "running, the line is their geometric mean. ",
          out->caption);
    comparison_sentence(out->caption, c);
    fputs(" ", out->caption);
    caption_comparison(out->caption, data);
    return FIGURE_DRAWN;
}
