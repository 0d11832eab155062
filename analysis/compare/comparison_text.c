/* A comparison on the terminal: the sentence, the numbers of both arms with their ratios, the notes. */
#include "comparison.h"
#include "note_list.h"
#include "table.h"
#include "units.h"

#include <math.h>
#include <string.h>

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

/* How many numbers are adjusted for each other. */
static size_t family_size(const struct comparison *c)
{
    size_t n = 0;
    for (int i = 0; i <= SAMPLE_RATE; i++)
        n += i != (int)c->primary && isfinite(c->results[i].p);
    return n;
}

/* What would help, or the numbers of the reason; "" when the reason says all. */
static void advise(const struct comparison *c, const struct decide_result *r, char *out, size_t out_bytes)
{
    *out = '\0';
    if (r->reason == DECIDE_INTERVAL && r->n_more > 0)
        snprintf(out, out_bytes, " (about %zu more pair%s)", r->n_more, r->n_more == 1 ? "" : "s");
    else if (r->reason == DECIDE_INTERVAL)
        snprintf(out, out_bytes, " (make runs longer)");
    else if (r->reason == DECIDE_FAMILY)
        snprintf(out, out_bytes, " (p %.2g alone, %.2g among %zu)", r->p, r->p_holm, family_size(c));
    else if (r->reason == DECIDE_SIGNS)
        snprintf(out, out_bytes, " (%zu higher, %zu lower)", r->signs.n_higher, r->signs.n_lower);
}

const char *comparison_decision(const struct comparison *c, enum sample_value value,
                                char out[COMPARISON_WORDS_BYTES])
{
    const struct decide_result *r = &c->results[value];
    char advice[COMPARISON_WORDS_BYTES / 2];
    if (r->n_pairs == 0 && r->n_tied > 0)
        snprintf(out, COMPARISON_WORDS_BYTES, "neither has one");
    else if (r->n_pairs == 0)
        snprintf(out, COMPARISON_WORDS_BYTES, value == SAMPLE_RATE ? "no good answers" : "too few requests");
    else if (r->outcome == DECIDE_UNDECIDED) {
        advise(c, r, advice, sizeof advice);
        snprintf(out, COMPARISON_WORDS_BYTES, "undecided%s%s%s", r->reason ? ": " : "",
                 decide_reason_name(r->reason), advice);
    } else
        snprintf(out, COMPARISON_WORDS_BYTES, "%s", outcome_words(value, r->outcome));
    return out;
}

static void put_typical(struct table *t, enum sample_value value, const struct decide_time *typical)
{
    char text[UNITS_TEXT_BYTES];
    if (value == SAMPLE_RATE)
        table_cell(t, "%s",
                   isfinite(typical->value) && typical->state == ATTEMPT_EXACT
                       ? units_number_text(typical->value, text)
                       : "-");
    else
        table_cell(t, "%s",
                   attempt_time_text((struct attempt_time){ .state = typical->state,
                                                            .value_ns = (uint64_t)llround(typical->value),
                                                            .at_least_ns = (uint64_t)typical->at_least },
                                     text));
}

static void put_ratio(struct table *t, const struct comparison *c, enum sample_value value)
{
    const struct decide_interval ratio = comparison_ratio(c, value);
    const struct decide_signs *signs = &c->results[value].signs;
    char text[UNITS_TEXT_BYTES];
    if (isfinite(ratio.value))
        table_cell(t, "%s", units_number_text(ratio.value, text));
    else if (c->results[value].method == DECIDE_SIGN_TEST && isfinite(signs->beyond))
        table_cell(t, "%s %s", signs->n_higher > signs->n_lower ? ">" : "<",
                   units_number_text(signs->beyond, text));
    else
        table_cell(t, "-");
    if (isfinite(ratio.lo) && isfinite(ratio.hi))
        table_cell(t, "%.2f - %.2f", ratio.lo, ratio.hi);
    else if (isfinite(ratio.lo) && isinf(ratio.hi))
        table_cell(t, "%.2f or more", ratio.lo);
    else
        table_cell(t, "-");
}

static void put_row(struct table *t, const struct comparison *c, enum sample_value value)
{
    const struct decide_result *r = &c->results[value];
    char words[COMPARISON_WORDS_BYTES];
    table_cell(t, "%s", value == SAMPLE_RATE ? "good/s" : sample_value_name(value));
    put_typical(t, value, &r->typical_a);
    put_typical(t, value, &r->typical_b);
    put_ratio(t, c, value);
    table_cell(t, "%s", comparison_decision(c, value, words));
}

static void put_share(struct table *t, double share)
{
    if (isfinite(share))
        table_cell(t, "%.2f %%", 100 * share);
    else
        table_cell(t, "-");
}

/* Mean over the pairs' runs. */
static struct sample_goodput mean_goodput(const struct comparison *c, bool is_b)
{
    struct sample_goodput mean = { NAN, 0 };
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        if (pair->is_control)
            continue;
        const struct sample_goodput *one = is_b ? &pair->b.goodput : &pair->a.goodput;
        mean.limit_s = one->limit_s;
        mean.share += one->share / (double)c->n_pairs;
    }
    return mean;
}

/* Failed shares, and good answers within the limit that the scenario declared. */
static void put_shares(struct table *t, const struct comparison *c)
{
    const struct decide_failures *f = &c->results[c->primary].failures;
    const struct sample_goodput a = mean_goodput(c, false), b = mean_goodput(c, true);
    char limit[UNITS_TEXT_BYTES];
    table_cell(t, "failed");
    put_share(t, f->n > 0 ? f->a : NAN);
    put_share(t, f->n > 0 ? f->b : NAN);
    table_end_row(t);
    if (!isfinite(a.limit_s) || !isfinite(b.limit_s))
        return;
    table_cell(t, "within %s", units_duration_text((uint64_t)(a.limit_s * 1e9), limit));
    put_share(t, a.share);
    put_share(t, b.share);
    table_end_row(t);
}

/* Whether a run has no exact time, so that no mean of the runs exists. */
static bool has_medians(const struct comparison *c)
{
    bool has = false;
    for (int i = SAMPLE_P50; i <= SAMPLE_P999; i++)
        has |= c->results[i].method == DECIDE_SIGN_TEST || c->results[i].n_tied > 0;
    return has;
}

static const char *about_intervals(const struct comparison *c, char *out)
{
    if (!c->within_run)
        return has_medians(c) ? "geometric means over the runs, medians where a run has no exact time"
                              : "geometric means over the runs";
    if (!*c->within[SAMPLE_P50].why || !*c->within[SAMPLE_RATE].why)
        return "intervals from this run's seconds, which do not show how runs differ";
    snprintf(out, RUN_INTERVAL_WHY_BYTES + 20, "no intervals: %s", c->within[SAMPLE_P50].why);
    return out;
}

static int print_table(FILE *out, const struct comparison *c, const struct comparison_pair *pair)
{
    struct table t = { 0 };
    char about[RUN_INTERVAL_WHY_BYTES + 20];
    const char *const heads[] = { "", pair->a.label, pair->b.label, "ratio", "95 % interval", "decision" };
    for (int i = 0; i < 6; i++)
        table_column(&t, i == 0 || i == 5 ? TABLE_LEFT : TABLE_RIGHT, i == 0 ? 2 : 3);
    for (int i = 0; i < 6; i++)
        table_cell(&t, "%s", heads[i]);
    for (int i = SAMPLE_P50; i <= SAMPLE_RATE; i++)
        put_row(&t, c, (enum sample_value)i);
    put_shares(&t, c);
    const int status = table_print(&t, out);
    table_fini(&t);
    fprintf(out, "  %s times of all attempts, %s\n",
            pair->a.headline == METRIC_RESPONSE ? "response" : "service", about_intervals(c, about));
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
        fprintf(out, "  %-18s %s\n", notes.rows[i].heading, notes.rows[i].text);
    note_list_fini(&notes);
    return status;
}
