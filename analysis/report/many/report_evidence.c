#include "report_evidence.h"

#include "comparison.h"
#include "report_html.h"
#include "trend.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>

static void note_effect(struct note_list *notes, const struct comparison_pair *pair,
                        const struct decide_result *r)
{
    notes->heading = "effect";
    if (isfinite(r->a12))
        note_list_add(notes,
                      "a run of %s is higher than one of %s with probability %.2f (A12; 0.5: no effect)",
                      pair->b.label, pair->a.label, r->a12);
}

static void note_equivalence(struct note_list *notes, const struct comparison *c,
                             const struct decide_result *r)
{
    notes->heading = "equivalence";
    if (isfinite(r->equivalence.lo) && isfinite(r->equivalence.hi) && isfinite(r->p_equivalence))
        note_list_add(notes,
                      "%.0f %% interval %.3f to %.3f, declared as equal %.3f to %.3f; two one-sided "
                      "tests p = %.2g",
                      100 * (2 * c->confidence - 1), r->equivalence.lo, r->equivalence.hi,
                      1 / (1 + c->margin), 1 + c->margin, r->p_equivalence);
}

static void note_order(struct note_list *notes, const struct comparison_pair *pair,
                       const struct decide_result *r)
{
    notes->heading = "order";
    if (isfinite(r->order.p))
        note_list_add(notes,
                      "ratio %.3f in the %zu pairs that ran %s first, %.3f in the %zu that ran %s first "
                      "(Mann-Whitney p = %.2g)",
                      r->order.ratio_a_first, r->order.n_a_first, pair->a.label, r->order.ratio_b_first,
                      r->order.n_b_first, pair->b.label, r->order.p);
}

/* The ratios, or the first cluster's values, of the pairs in their order. */
static struct trend trend_in(const struct comparison *c, bool of_ratio)
{
    const size_t n = c->n_pairs + c->n_controls;
    double *values = calloc(n + 1, sizeof *values);
    size_t n_values = 0;
    for (size_t i = 0; values && i < n; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        if (of_ratio && pair->is_control)
            continue;
        values[n_values++] =
            of_ratio ? pair->b.value[c->primary] / pair->a.value[c->primary] : pair->a.value[c->primary];
    }
    const struct trend trend = values ? trend_of(values, n_values) : (struct trend){ NAN, NAN };
    free(values);
    return trend;
}

static void note_drift(struct note_list *notes, const struct comparison *c,
                       const struct comparison_pair *pair)
{
    const struct trend ratio = trend_in(c, true), first = trend_in(c, false);
    notes->heading = "drift";
    if (isfinite(ratio.tau))
        note_list_add(notes, "of the ratio over the campaign: Kendall's tau %.2f (p = %.2g)", ratio.tau,
                      ratio.p);
    if (isfinite(first.tau))
        note_list_add(notes, "of %s itself: tau %.2f (p = %.2g)", pair->a.label, first.tau, first.p);
}

struct note_list report_evidence_notes(const struct comparison *c)
{
    struct note_list notes = { 0 };
    const struct comparison_pair *pair = comparison_first(c);
    const struct decide_result *r = &c->results[c->primary];
    if (!pair || r->n_pairs < DECIDE_PAIRS_LEAST)
        return notes;
    note_effect(&notes, pair, r);
    note_equivalence(&notes, c, r);
    note_order(&notes, pair, r);
    note_drift(&notes, c, pair);
    return notes;
}

static void write_interval(FILE *out, double lo, double hi)
{
    if (isfinite(lo) && isfinite(hi))
        report_html_number(out, "%.3f to %.3f", lo, hi);
    else
        report_html_number(out, " ");
}

static void write_row(FILE *out, const struct comparison *c, enum sample_value value)
{
    const struct decide_result *r = &c->results[value];
    report_html_row(out);
    report_html_cell(out, "%s%s", value == SAMPLE_RATE ? "good/s" : sample_value_name(value),
                     value == c->primary ? " (declared)" : "");
    report_html_value(out, r->sd_log);
    report_html_value(out, r->lag1);
    report_html_value(out, r->ratio_rank.value);
    report_html_value(out, r->p_rank);
    write_interval(out, r->equivalence.lo, r->equivalence.hi);
    report_html_value(out, r->p_equivalence);
    report_html_value(out, r->a12);
    report_html_value(out, r->detectable_ratio);
    report_html_row_end(out);
}

void report_evidence_table(FILE *out, const struct comparison *c)
{
    report_html_table(out,
                      "|#sd of log ratio|#lag 1|#Hodges-Lehmann|#signed rank p|#equivalence interval|#TOST "
                      "p|#A12|#detectable ratio");
    for (int value = SAMPLE_P50; value <= SAMPLE_RATE; value++)
        if (c->results[value].n_pairs >= DECIDE_PAIRS_LEAST)
            write_row(out, c, (enum sample_value)value);
    report_html_table_end(out);
}
