#include "arms.h"
#include "comparison.h"
#include "note_list.h"
#include "table.h"
#include "units.h"

#include <math.h>

/* The higher of two times is slower; a higher rate is better. */
static const char *outcome_words(enum sample_value value, enum decide_outcome outcome)
{
    const bool is_rate = value == SAMPLE_RATE;
    switch (outcome) {
    case DECIDE_HIGHER:
        return is_rate ? "higher" : "slower";
    case DECIDE_LOWER:
        return is_rate ? "lower" : "faster";
    default:
        return decide_outcome_name(outcome);
    }
}

static void sentence_of_one(FILE *out, const struct comparison *c, const struct comparison_pair *pair)
{
    const struct decide_interval ratio = comparison_ratio(c, c->primary);
    char text[UNITS_TEXT_BYTES];
    fprintf(out, "One run per cluster: a description, no proof.");
    if (isfinite(ratio.value))
        fprintf(out, " In it the %s of %s was %s times that of %s.", sample_value_name(c->primary),
                pair->b.series, units_number_text(ratio.value, text), pair->a.series);
    fputs(" `loadgen campaign` with eight pairs would tell.", out);
}

static void how_sure(FILE *out, const struct comparison *c)
{
    const struct decide_result *r = &c->results[c->primary];
    const struct decide_interval ratio = comparison_ratio(c, c->primary);
    if (isfinite(ratio.lo) && isfinite(ratio.hi))
        fprintf(out, "(95 %% interval %.2f to %.2f, %zu pairs, p = %.2g)", ratio.lo, ratio.hi, r->n_pairs,
                r->p_holm);
    else
        fprintf(out, "(%zu pairs, too few for an interval, p = %.2g)", r->n_pairs, r->p_holm);
}

void comparison_sentence(FILE *out, const struct comparison *c)
{
    const struct decide_result *r = &c->results[c->primary];
    const struct comparison_pair *pair = comparison_first(c);
    if (!pair) {
        fputs("No pair of runs is complete yet.", out);
        return;
    }
    const char *a = pair->a.series, *b = pair->b.series, *name = sample_value_name(c->primary);
    switch (r->outcome) {
    case DECIDE_HIGHER:
    case DECIDE_LOWER:
        fprintf(out, "%s is %s than %s: its %s is %.2f times as long ", b,
                outcome_words(c->primary, r->outcome), a, name, r->ratio.value);
        how_sure(out, c);
        break;
    case DECIDE_EQUIVALENT:
        fprintf(out,
                "%s and %s are equivalent within %.0f %%: the %s of one is %.2f times that of the other ", b,
                a, 100 * c->margin, name, r->ratio.value);
        how_sure(out, c);
        break;
    case DECIDE_UNDECIDED:
        fprintf(out, "Undecided: the %s of %s is %.2f times that of %s ", name, b, r->ratio.value, a);
        how_sure(out, c);
        if (r->n_more > 0)
            fprintf(out, "; about %zu more pairs would tell", r->n_more);
        break;
    case DECIDE_DESCRIPTION:
        if (comparison_runs_are_too_short(c)) {
            fprintf(out,
                    "No proof: in none of the %zu pairs have both runs the ten requests beyond the %s that "
                    "it takes. Send more requests in each run.",
                    c->n_pairs, name);
            return;
        }
        sentence_of_one(out, c, pair);
        return;
    }
    fputs(".", out);
}

static void put_row(struct table *t, const struct comparison *c, enum sample_value value)
{
    char a[UNITS_TEXT_BYTES], b[UNITS_TEXT_BYTES], ratio_text[UNITS_TEXT_BYTES];
    const struct decide_result *r = &c->results[value];
    const struct decide_interval ratio = comparison_ratio(c, value);
    const double unit = value == SAMPLE_RATE ? 1 : 1e6;
    table_cell(t, "%s", value == SAMPLE_RATE ? "requests/s" : sample_value_name(value));
    table_cell(t, "%s", isfinite(r->typical_a.value) ? units_number_text(r->typical_a.value / unit, a) : "-");
    table_cell(t, "%s", isfinite(r->typical_b.value) ? units_number_text(r->typical_b.value / unit, b) : "-");
    table_cell(t, "%s", isfinite(ratio.value) ? units_number_text(ratio.value, ratio_text) : "-");
    if (isfinite(ratio.lo) && isfinite(ratio.hi))
        table_cell(t, "%.2f - %.2f", ratio.lo, ratio.hi);
    else if (isfinite(ratio.lo) && isinf(ratio.hi))
        table_cell(t, "%.2f or more", ratio.lo);
    else
        table_cell(t, "-");
    if (r->n_pairs == 0)
        table_cell(t, "too few samples");
    else if (r->outcome == DECIDE_UNDECIDED && r->n_more > 0)
        table_cell(t, "undecided, about %zu more pairs", r->n_more);
    else
        table_cell(t, "%s", outcome_words(value, r->outcome));
}

static void put_share(struct table *t, uint64_t k, uint64_t n)
{
    if (n > 0)
        table_cell(t, "%.2f %%", 100 * (double)k / (double)n);
    else
        table_cell(t, "-");
}

static const char *about_intervals(const struct comparison *c, char *out)
{
    if (!c->within_run)
        return "geometric means over the runs";
    if (!*c->within[SAMPLE_P50].why || !*c->within[SAMPLE_RATE].why)
        return "intervals from this run's seconds: they cannot tell how runs differ";
    snprintf(out, RUN_INTERVAL_WHY_BYTES + 20, "no intervals: %s", c->within[SAMPLE_P50].why);
    return out;
}

static int print_table(FILE *out, const struct comparison *c, const struct comparison_pair *pair)
{
    char about[RUN_INTERVAL_WHY_BYTES + 20];
    struct table t = { 0 };
    const struct comparison_errors s = comparison_errors(c);
    const char *const heads[] = { "", pair->a.label, pair->b.label, "ratio", "95 % interval", "decision" };
    for (int i = 0; i < 6; i++)
        table_column(&t, i == 0 || i == 5 ? TABLE_LEFT : TABLE_RIGHT, i == 0 ? 2 : 3);
    for (int i = 0; i < 6; i++)
        table_cell(&t, "%s", heads[i]);
    for (int i = SAMPLE_P50; i <= SAMPLE_RATE; i++)
        put_row(&t, c, (enum sample_value)i);
    table_cell(&t, "errors");
    put_share(&t, s.a_err, s.a_n);
    put_share(&t, s.b_err, s.b_n);
    table_end_row(&t);
    const int status = table_print(&t, out);
    table_fini(&t);
    fprintf(out, "  times in ms, %s time, %s\n", pair->a.headline == METRIC_RESPONSE ? "response" : "service",
            about_intervals(c, about));
    return status;
}

int comparison_print(FILE *out, const struct comparison *c)
{
    const struct comparison_pair *pair = comparison_first(c);
    struct note_list notes = comparison_notes(c);
    comparison_sentence(out, c);
    fputs("\n", out);
    int status = notes.is_short ? -1 : 0;
    if (pair) {
        fputs("\n", out);
        status |= print_table(out, c, pair);
        fputs("\n", out);
    }
    for (size_t i = 0; i < notes.n; i++)
        fprintf(out, "  %-12s %s\n", notes.rows[i].heading, notes.rows[i].text);
    note_list_fini(&notes);
    return status;
}
