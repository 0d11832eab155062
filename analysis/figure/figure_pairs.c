/* The pairs of a campaign: each pair's two runs joined by a line, and the ratios in order of running. A run
 * that failed too often for a time has a cross in its place. */
#include "caption_comparison.h"
#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const char columns[] =
    "place,pair,kind,order,series,style,role,label,value_ms,other_ms,ratio,lost,is_apart,centre";

/* Which of a pair's runs has no exact time: "a", "b", "both" or "". */
static const char *lost_of(const struct comparison_pair *pair, enum sample_value value)
{
    const bool a = pair->a.state[value] != ATTEMPT_EXACT, b = pair->b.state[value] != ATTEMPT_EXACT;
    return a && b ? "both" : a ? "a" : b ? "b" : "";
}

static bool is_known(const struct comparison_pair *pair, enum sample_value value)
{
    return pair->a.state[value] != ATTEMPT_NONE && pair->b.state[value] != ATTEMPT_NONE;
}

/* Whether the pair lies apart from the others. Results number the pairs that are no controls. */
static bool is_apart(const struct comparison *c, size_t index)
{
    const struct decide_result *r = &c->results[c->primary];
    size_t number = 0;
    for (size_t i = 0; i < index; i++)
        number += !c->pairs[i].is_control;
    for (size_t i = 0; i < r->n_apart && i < DECIDE_APART_MOST; i++)
        if (!c->pairs[index].is_control && r->apart[i].index == number)
            return true;
    return false;
}

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
    csv_text(csv, lost_of(pair, value));
    csv_u64(csv, is_apart(c, index));
    csv_fixed(csv, comparison_ratio(c, value).value, 6);
    csv_end_row(csv);
}

static bool is_side_by_side(const struct comparison *c)
{
    return strcmp(comparison_first(c)->order, "side") == 0;
}

static bool has_lost_one(const struct comparison *c)
{
    size_t i = 0;
    while (i < c->n_pairs + c->n_controls &&
           (!is_known(&c->pairs[i], c->primary) || *lost_of(&c->pairs[i], c->primary) == '\0'))
        i++;
    return i < c->n_pairs + c->n_controls;
}

/* The pairs that can be drawn, and whether any of their runs has a time. */
static size_t drawable(const struct comparison *c, bool *any_exact)
{
    size_t n = 0;
    *any_exact = false;
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        if (!is_known(pair, c->primary))
            continue;
        n += !pair->is_control;
        *any_exact |= strcmp(lost_of(pair, c->primary), "both") != 0;
    }
    return n;
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
    fputs("Right: the pairs' ratios in the order of running", out);
    if (isfinite(comparison_ratio(c, c->primary).value))
        fputs("; dashed line: their ratio as a whole", out);
    if (c->results[c->primary].n_apart > 0)
        fputs("; ringed: lies apart from the others", out);
    fputs(". ", out);
    if (has_lost_one(c))
        fputs("Cross or arrow: so many requests of a run failed or were cut off that it has no exact time. ",
              out);
    caption_comparison(out, data);
}

enum figure_result figure_pairs(const struct dataset *data, struct figure_file *out, struct err *e)
{
    const struct comparison *c = data->comparison;
    if (!c || c->n_pairs < 2)
        return figure_leave_out(out, "a campaign with two complete pairs is needed");
    bool any_exact;
    if (drawable(c, &any_exact) < 2 || !any_exact)
        return figure_leave_out(out, "the runs have too few good answers for their %s",
                                sample_value_name(c->primary));
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        if (!is_known(&c->pairs[i], c->primary))
            continue;
        write_run(&out->csv, c, i, false);
        write_run(&out->csv, c, i, true);
    }
    figure_title(out, "Pairs of runs: %s of each", sample_value_name(c->primary));
    write_caption(out->caption, data);
    return FIGURE_DRAWN;
}
