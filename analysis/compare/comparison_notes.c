/* The notes below the numbers of a comparison: caveats, pairs that lie apart, controls, the generator, what
 * is missing. */
#include "comparison.h"
#include "note_list.h"
#include "units.h"

#include <math.h>
#include <string.h>

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

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

/* The number that the campaign gave to a pair, by its index among those that are no controls. */
static unsigned number_of(const struct comparison *c, size_t index)
{
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++)
        if (!c->pairs[i].is_control && index-- == 0)
            return c->pairs[i].number;
    return 0;
}

/* "pair 4 lies apart (0.19); without it 1.51 (1.49 to 1.52)" */
static void add_apart(struct note_list *notes, const struct comparison *c)
{
    const struct decide_result *r = &c->results[c->primary];
    const struct decide_interval *others = &r->without_apart;
    notes->heading = "apart";
    for (size_t i = 0; i < r->n_apart && i < DECIDE_APART_MOST; i++) {
        const bool is_last = i + 1 == r->n_apart || i + 1 == DECIDE_APART_MOST;
        char without[96] = "";
        if (is_last)
            snprintf(without, sizeof without, "%s; without %s %.2f (%.2f to %.2f)",
                     r->n_apart > DECIDE_APART_MOST ? ", as do others" : "", r->n_apart == 1 ? "it" : "them",
                     others->value, others->lo, others->hi);
        note_list_add(notes, "pair %u lies apart (%.2f)%s", number_of(c, r->apart[i].index),
                      r->apart[i].ratio, without);
    }
}

static void add_stopping(struct note_list *notes, const struct comparison *c)
{
    notes->heading = "stopping";
    if (c->n_looks > 0)
        note_list_add(
            notes,
            "the interval's width ended the campaign: looked at %u time%s, so it has quantiles of %.0f %%",
            c->n_looks, plural(c->n_looks), 100 * c->confidence);
}

static void add_spread(struct note_list *notes, const struct comparison *c)
{
    const struct decide_result *r = &c->results[c->primary];
    if (c->within_run || r->n_pairs < DECIDE_PAIRS_LEAST || r->method == DECIDE_SIGN_TEST)
        return;
    notes->heading = "spread";
    note_list_add(notes, "of pairs %.1f %%; a ratio of %.2f would be found in %.0f %% of such campaigns",
                  100 * expm1(r->sd_log), r->detectable_ratio, 100 * decide_defaults.power);
    note_list_add(notes, "Hodges-Lehmann %.2f (%.2f to %.2f), signed rank p = %.2g; lag-1 correlation %.2f",
                  r->ratio_rank.value, r->ratio_rank.lo, r->ratio_rank.hi, r->p_rank, r->lag1);
}

static void add_control(struct note_list *notes, const struct comparison *c)
{
    const struct decide_control *control = &c->results[c->primary].control;
    char interval[64] = "";
    notes->heading = "same cluster twice";
    if (control->n == 0)
        return;
    if (isfinite(control->ratio.lo))
        snprintf(interval, sizeof interval, " (%.2f to %.2f)", control->ratio.lo, control->ratio.hi);
    if (control->n == 1)
        note_list_add(notes, "%.2f, 1 control pair", control->ratio.value);
    else
        note_list_add(notes, "%.2f%s, %zu control pairs from %.2f to %.2f", control->ratio.value, interval,
                      control->n, control->least, control->most);
    if (control->is_shifted)
        note_list_add(
            notes,
            "it differs from itself, so something else made a difference too; of the ratio, %.2f is left",
            control->left.value);
}

static double worst_share(const struct comparison *c)
{
    double worst = NAN;
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        worst = fmax(worst, fmax(pair->a.generator_share[c->primary], pair->b.generator_share[c->primary]));
    }
    return worst;
}

static void add_invalid(struct note_list *notes, const struct comparison *c)
{
    const struct decide_result *r = &c->without_invalid;
    char interval[64] = "";
    if (c->n_invalid == 0)
        return;
    note_list_add(notes, "%zu of %zu run%s: %s may be loadgen's own doing", c->n_invalid, c->n_runs,
                  plural(c->n_runs), sample_value_name(c->primary));
    if (r->n_pairs == 0 || c->within_run || !isfinite(r->ratio.value))
        return;
    if (isfinite(r->ratio.lo))
        snprintf(interval, sizeof interval, " (%.2f to %.2f)", r->ratio.lo, r->ratio.hi);
    note_list_add(notes, "without %s the ratio is %.2f%s, %zu pair%s: %s", c->n_invalid == 1 ? "it" : "them",
                  r->ratio.value, interval, r->n_pairs, plural(r->n_pairs), decide_outcome_name(r->outcome));
}

static void add_generator(struct note_list *notes, const struct comparison *c)
{
    const char *name = sample_value_name(c->primary);
    const double share = worst_share(c);
    const struct decide_interval less = comparison_ratio(c, SAMPLE_LESS_P99);
    char interval[64] = "";
    notes->heading = "loadgen";
    if (isfinite(share))
        note_list_add(notes, "at least %.1f %% of %s in the run with most", 100 * share, name);
    else
        note_list_add(notes, "its share of %s is not known", name);
    if (isfinite(less.lo))
        snprintf(interval, sizeof interval, " (%.2f to %.2f)", less.lo, less.hi);
    if (c->primary == SAMPLE_P99 && isfinite(less.value))
        note_list_add(notes, "leaving out what can be seen of it, the ratio of p99 is %.2f%s", less.value,
                      interval);
    add_invalid(notes, c);
}

static void add_left_out(struct note_list *notes, const struct comparison *c,
                         const struct comparison_pair *pair)
{
    const size_t n_unpaired = c->n_unpaired_a + c->n_unpaired_b;
    char unpaired[32] = "run";
    if (n_unpaired > 1)
        snprintf(unpaired, sizeof unpaired, "%zu runs", n_unpaired);
    notes->heading = "broken";
    if (c->n_broken > 0)
        note_list_add(notes, "%zu pair%s left out: %s", c->n_broken, c->n_broken == 1 ? " is" : "s are",
                      c->why_broken);
    for (size_t i = 1; i < c->n_broken && i <= COMPARISON_WHY_MORE; i++)
        if (*c->why_more[i - 1])
            note_list_add(notes, "and %s", c->why_more[i - 1]);
    notes->heading = "left out";
    if (pair && n_unpaired > 0)
        note_list_add(notes, "the last %s of %s, for which %s has none", unpaired,
                      c->n_unpaired_a > 0 ? pair->a.label : pair->b.label,
                      c->n_unpaired_a > 0 ? pair->b.label : pair->a.label);
    if (c->n_others > 0)
        note_list_add(
            notes,
            "%zu more cluster%s of this run; `loadgen analysis compare RUN --clusters A,B` takes any two",
            c->n_others, plural(c->n_others));
    notes->heading = "missing";
    if (c->n_missing > 0)
        note_list_add(notes, "%zu pair%s of the campaign %s still to be made", c->n_missing,
                      plural(c->n_missing), c->n_missing == 1 ? "is" : "are");
}

struct note_list comparison_notes(const struct comparison *c)
{
    struct note_list notes = { 0 };
    const struct comparison_pair *pair = comparison_first(c);
    if (pair) {
        add_distributions(&notes, c, pair);
        add_apart(&notes, c);
        comparison_caveats(&notes, c, pair);
        add_control(&notes, c);
        add_spread(&notes, c);
        add_stopping(&notes, c);
        add_generator(&notes, c);
    }
    notes.heading = "lab";
    if (pair && (pair->a.emulated || pair->b.emulated))
        note_list_add(&notes, "the instances are emulated");
    add_left_out(&notes, c, pair);
    return notes;
}
