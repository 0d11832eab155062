/* The notes below the numbers of a comparison: objections to it, how much noise there is, what is missing. */
#include "comparison.h"
#include "note_list.h"
#include "units.h"

#include <math.h>
#include <string.h>

/* Only described: its test needs independent requests. */
static void add_distributions(struct note_list *notes, const struct comparison *c,
                              const struct comparison_pair *pair)
{
    char at[UNITS_TEXT_BYTES];
    if (!isfinite(c->ks.distance) || !(c->ks.distance > 0))
        return;
    notes->heading = "times";
    note_list_add(notes,
                  "furthest apart at %s: %.0f %% of %s and %.0f %% of %s were done by then (distance %.2f)",
                  units_duration_text(c->ks.at_ns, at), 100 * c->ks.share_a, pair->a.label,
                  100 * c->ks.share_b, pair->b.label, c->ks.distance);
}

static void add_control(struct note_list *notes, const struct comparison *c)
{
    const struct decide_control *control = &c->results[c->primary].control;
    if (control->n == 0)
        return;
    notes->heading = "noise floor";
    note_list_add(notes, "same cluster twice: %.2f - %.2f (%zu control pair%s)%s", control->least,
                  control->most, control->n, control->n == 1 ? "" : "s",
                  control->is_shifted ? "; their interval excludes 1, so something else differs too" : "");
}

static double worst_share(const struct comparison *c, size_t *n_invalid)
{
    double worst = NAN;
    *n_invalid = 0;
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        worst = fmax(worst, fmax(sample_generator_share(&pair->a), sample_generator_share(&pair->b)));
        *n_invalid += strcmp(pair->a.verdict, "INVALID") == 0;
        *n_invalid += !c->within_run && strcmp(pair->b.verdict, "INVALID") == 0;
    }
    return worst;
}

static void add_generator(struct note_list *notes, const struct comparison *c)
{
    size_t n_invalid;
    char ratio[64] = "", interval[64] = "";
    const double share = worst_share(c, &n_invalid);
    const struct decide_interval less = comparison_ratio(c, SAMPLE_LESS_P99);
    if (isfinite(less.value))
        snprintf(ratio, sizeof ratio, "; leaving it out, the ratio of p99 is %.2f", less.value);
    if (isfinite(less.lo))
        snprintf(interval, sizeof interval, " (%.2f - %.2f)", less.lo, less.hi);
    notes->heading = "generator";
    if (isfinite(share))
        note_list_add(notes, "at most %.1f %% of p99 in any run%s%s", 100 * share, ratio, interval);
    else
        note_list_add(notes, "its share of p99 is not known: fewer than ten requests lie beyond that%s%s",
                      ratio, interval);
    if (n_invalid > 0)
        note_list_add(notes, "%zu run%s INVALID: the generator cannot be excluded as the cause", n_invalid,
                      n_invalid == 1 ? " is" : "s are");
}

static void add_left_out(struct note_list *notes, const struct comparison *c)
{
    notes->heading = "broken";
    if (c->n_broken > 0)
        note_list_add(notes, "%zu pair%s left out: %s", c->n_broken, c->n_broken == 1 ? " is" : "s are",
                      c->why_broken);
    for (size_t i = 1; i < c->n_broken && i <= COMPARISON_WHY_MORE; i++)
        if (*c->why_more[i - 1])
            note_list_add(notes, "and %s", c->why_more[i - 1]);
    notes->heading = "missing";
    if (c->n_missing > 0)
        note_list_add(notes, "%zu pairs of the campaign are still to be made", c->n_missing);
}

struct note_list comparison_notes(const struct comparison *c)
{
    struct note_list notes = { 0 };
    const struct comparison_pair *pair = comparison_first(c);
    if (pair) {
        add_distributions(&notes, c, pair);
        comparison_against(&notes, c, pair);
        add_control(&notes, c);
        add_generator(&notes, c);
    }
    notes.heading = "lab";
    if (pair && (pair->a.emulated || pair->b.emulated))
        note_list_add(&notes, "the instances are emulated");
    add_left_out(&notes, c);
    return notes;
}
