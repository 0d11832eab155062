/* The result of a comparison as a sentence or two: the decision on the primary number, how sure it is, and
 * failures. */
#include "comparison.h"
#include "units.h"

#include <math.h>

/* What the sentences are about. */
struct subject {
    FILE *out;
    const struct comparison *c;
    const struct decide_result *r;
    const char *a, *b, *name; /* of the arms and of the primary number */
};

static struct subject about(FILE *out, const struct comparison *c, const struct comparison_pair *pair)
{
    return (struct subject){ .out = out,
                             .c = c,
                             .r = &c->results[c->primary],
                             .a = pair->a.label,
                             .b = pair->b.label,
                             .name = sample_value_name(c->primary) };
}

static double per_cent(double ratio)
{
    return 100 * (ratio - 1);
}

/* Digits behind the point that tell such percentages apart. */
static int digits_of(double pct)
{
    return fabs(pct) < 10 ? 1 : 0;
}

static const char *share_text(double share, char out[UNITS_TEXT_BYTES])
{
    snprintf(out, UNITS_TEXT_BYTES, share < .001 && share > 0 ? "%.2f %%" : "%.1f %%", 100 * share);
    return out;
}

static const char *time_text(const struct decide_time *t, char out[UNITS_TEXT_BYTES])
{
    return attempt_time_text((struct attempt_time){ .state = t->state,
                                                    .value_ns = (uint64_t)llround(t->value),
                                                    .at_least_ns = (uint64_t)t->at_least },
                             out);
}

/* "t2 failed 8.3 % of its requests, m4 0.0 % (8.0 to 8.6 points, 8 pairs)" */
static void write_failures(const struct subject *s)
{
    const struct decide_failures *f = &s->r->failures;
    const bool is_b = f->b > f->a;
    char more[UNITS_TEXT_BYTES], less[UNITS_TEXT_BYTES];
    const double lo = fabs(f->difference.lo), hi = fabs(f->difference.hi);
    fprintf(s->out, "%s failed %s of its requests, %s %s", is_b ? s->b : s->a,
            share_text(fmax(f->a, f->b), more), is_b ? s->a : s->b, share_text(fmin(f->a, f->b), less));
    if (f->is_certain)
        fprintf(s->out, " (%.1f to %.1f points, %zu pairs)", 100 * fmin(lo, hi), 100 * fmax(lo, hi), f->n);
}

static bool failures_matter(const struct subject *s)
{
    return decide_failures_matter(&s->r->failures, sample_value_ppm(s->c->primary));
}

/* "15 % higher (95 % interval 13 to 17 %, 8 pairs, p = 0.008)"; from a factor of 2 on "2.10 times as long
 * (...". */
static void write_ratio(const struct subject *s)
{
    const struct decide_interval *ratio = &s->r->ratio;
    const double pct = per_cent(ratio->value);
    if (ratio->value >= 2) {
        fprintf(s->out, "%.2f times as long (95 %% interval %.2f to %.2f", ratio->value, ratio->lo,
                ratio->hi);
    } else {
        const double a = fabs(per_cent(ratio->lo)), b = fabs(per_cent(ratio->hi));
        const int digits = digits_of(fmin(fabs(pct), fmin(a, b)));
        fprintf(s->out, "%.*f %% %s (95 %% interval %.*f to %.*f %%", digits, fabs(pct),
                pct > 0 ? "higher" : "lower", digits, fmin(a, b), digits, fmax(a, b));
    }
    fprintf(s->out, ", %zu pairs, p = %.2g)", s->r->n_pairs, s->r->p);
}

/* Some run has no time, or only a bound: the direction is sure, the size is not. */
static void write_signs(const struct subject *s)
{
    const struct decide_result *r = s->r;
    const struct decide_signs *signs = &r->signs;
    const bool is_higher = r->outcome == DECIDE_HIGHER;
    char time[UNITS_TEXT_BYTES];
    if (isfinite(signs->beyond) && is_higher)
        fprintf(s->out, "its %s is in the typical pair more than %.1f times as long", s->name, signs->beyond);
    else if (isfinite(signs->beyond))
        fprintf(s->out, "its %s is in the typical pair less than %.2f times as long", s->name, signs->beyond);
    else if (is_higher)
        fprintf(s->out, "it typically has no %s, that of %s is %s", s->name, s->a,
                time_text(&r->typical_a, time));
    else
        fprintf(s->out, "its %s is typically %s, %s has none", s->name, time_text(&r->typical_b, time), s->a);
    fprintf(s->out, " (%s in %zu of %zu pairs, p = %.2g)", is_higher ? "longer" : "shorter",
            is_higher ? signs->n_higher : signs->n_lower, signs->n, r->p);
}

static void write_difference(const struct subject *s)
{
    fprintf(s->out, "%s is %s than %s: ", s->b, s->r->outcome == DECIDE_HIGHER ? "slower" : "faster", s->a);
    if (s->r->method == DECIDE_SIGN_TEST) {
        write_signs(s);
        return;
    }
    fprintf(s->out, "its %s is %s", s->name, s->r->method == DECIDE_TRIMMED ? "in the typical pair " : "");
    write_ratio(s);
}

static void write_equivalence(const struct subject *s)
{
    const struct decide_interval *e = &s->r->equivalence;
    fprintf(s->out,
            "%s and %s are equivalent within %.3g %%: the %s of %s is %.1f %% %s (%.0f %% interval %.1f to "
            "%.1f %%, "
            "%zu pairs, p = %.2g)",
            s->b, s->a, 100 * s->c->margin, s->name, s->b, fabs(per_cent(e->value)),
            e->value < 1 ? "lower" : "higher", 100 * (2 * s->c->confidence - 1), per_cent(e->lo),
            per_cent(e->hi), s->r->n_pairs, s->r->p_equivalence);
}

static void write_generator(const struct subject *s)
{
    const struct decide_result *r = s->r;
    if (!r->rests_on_invalid) {
        fputs("without what loadgen itself may have added, the answer could be another", s->out);
        return;
    }
    const bool is_b = r->n_invalid_b > r->n_invalid_a;
    const size_t n = is_b ? r->n_invalid_b : r->n_invalid_a;
    fprintf(s->out, "in %zu of %zu run%s of %s that may be loadgen's own doing", n, r->n_pairs,
            r->n_pairs == 1 ? "" : "s", is_b ? s->b : s->a);
}

static void write_controls(const struct subject *s)
{
    const struct decide_control *c = &s->r->control;
    if (c->is_shifted)
        fprintf(s->out, "the controls show %.2f between %s and itself, and without that %.2f is left",
                c->ratio.value, s->a, c->left.value);
    else
        fprintf(s->out, "%zu of %zu control pairs have no exact %s", c->n_lost, c->n_lost + c->n, s->name);
}

/* Shares that differ, but by chance as far as these pairs show. */
static void write_open_failures(const struct subject *s)
{
    const struct decide_failures *f = &s->r->failures;
    fprintf(s->out, "%s may have failed more requests (by %.1f to %.1f points)", f->b > f->a ? s->b : s->a,
            100 * (f->b > f->a ? f->difference.lo : -f->difference.hi),
            100 * (f->b > f->a ? f->difference.hi : -f->difference.lo));
}

static void write_reason(const struct subject *s)
{
    const struct decide_result *r = s->r;
    switch (r->reason) {
    case DECIDE_INTERVAL:
        fputs("the interval includes no difference", s->out);
        if (r->n_more > 0)
            fprintf(s->out, "; about %zu more pair%s would tell", r->n_more, r->n_more == 1 ? "" : "s");
        else
            fputs(", and at this spread more pairs hardly help: make runs longer", s->out);
        break;
    case DECIDE_MARGIN:
        fprintf(s->out, "it lies within the margin of %.3g %%, but equivalence is not shown",
                100 * s->c->margin);
        if (isfinite(r->equivalence.lo))
            fprintf(s->out, " (%.0f %% interval %.2f to %.2f)", 100 * (2 * s->c->confidence - 1),
                    r->equivalence.lo, r->equivalence.hi);
        break;
    case DECIDE_SIGNS:
        fprintf(s->out, "it is higher in %zu and lower in %zu of %zu pairs", r->signs.n_higher,
                r->signs.n_lower, r->signs.n);
        break;
    case DECIDE_CONTROLS:
        write_controls(s);
        break;
    case DECIDE_GENERATOR:
        write_generator(s);
        break;
    case DECIDE_FAILURES:
        write_open_failures(s);
        break;
    case DECIDE_FAMILY: /* not of the primary number */
    case DECIDE_NO_REASON:
        break;
    }
}

static void write_undecided(const struct subject *s)
{
    const struct decide_result *r = s->r;
    char a[UNITS_TEXT_BYTES], b[UNITS_TEXT_BYTES];
    if (r->method == DECIDE_SIGN_TEST)
        fprintf(s->out,
                "Undecided: the %s of %s is typically %s, that of %s %s (%zu pairs, p = %.2g): ", s->name,
                s->b, time_text(&r->typical_b, b), s->a, time_text(&r->typical_a, a), r->n_pairs, r->p);
    else
        fprintf(
            s->out,
            "Undecided: the %s of %s is %s%.2f times that of %s (95 %% interval %.2f to %.2f, %zu pairs, p = "
            "%.2g): ",
            s->name, s->b, r->method == DECIDE_TRIMMED ? "in the typical pair " : "", r->ratio.value, s->a,
            r->ratio.lo, r->ratio.hi, r->n_pairs, r->p);
    write_reason(s);
}

static void write_range(FILE *out, const struct decide_interval *i)
{
    if (isfinite(i->hi))
        fprintf(out, " (%.2f to %.2f)", i->lo, i->hi);
    else
        fprintf(out, " (%.2f or more)", i->lo);
}

/* One run's ratio with the interval of its seconds, which says nothing about other runs. */
static void write_run(const struct subject *s)
{
    const struct decide_interval ratio = comparison_ratio(s->c, s->c->primary);
    char a[UNITS_TEXT_BYTES], b[UNITS_TEXT_BYTES];
    if (!isfinite(ratio.value) || !s->c->within_run) {
        fprintf(s->out, " The %s of %s was %s, that of %s %s", s->name, s->b, time_text(&s->r->typical_b, b),
                s->a, time_text(&s->r->typical_a, a));
        if (isfinite(ratio.value))
            fprintf(s->out, ": %.2f times", ratio.value);
    } else if (!isfinite(ratio.lo)) {
        fprintf(s->out, " In this run the %s of %s was %.2f times that of %s; %s", s->name, s->b, ratio.value,
                s->a, s->c->within[s->c->primary].why);
    } else if (run_interval_direction(&s->c->within[s->c->primary], s->c->margin) != 0) {
        fprintf(s->out, " In this run the %s of %s was %.2f times as long as that of %s", s->name, s->b,
                ratio.value, s->a);
        write_range(s->out, &ratio);
    } else {
        fprintf(s->out, " This run does not tell them apart at %s", s->name);
        write_range(s->out, &ratio);
    }
}

/* Whether the arm that fails more is also the slower one, so that its failures do not flatter its times. */
static bool slower_one_fails(const struct subject *s)
{
    const struct decide_result *r = s->r;
    const bool is_b = r->failures.b > r->failures.a;
    const struct decide_time *worse = is_b ? &r->typical_b : &r->typical_a,
                             *better = is_b ? &r->typical_a : &r->typical_b;
    if (worse->state == ATTEMPT_FAILED)
        return better->state == ATTEMPT_EXACT;
    return worse->state == ATTEMPT_EXACT && better->state == ATTEMPT_EXACT && worse->value > better->value;
}

static void write_pairs(const struct subject *s)
{
    char a[UNITS_TEXT_BYTES], b[UNITS_TEXT_BYTES];
    if (isfinite(s->r->ratio.value))
        fprintf(s->out, " In these the %s of %s was %.2f times that of %s", s->name, s->b, s->r->ratio.value,
                s->a);
    else
        fprintf(s->out, " In these the %s of %s was %s, that of %s %s", s->name, s->b,
                time_text(&s->r->typical_b, b), s->a, time_text(&s->r->typical_a, a));
}

static void write_few(const struct subject *s)
{
    const bool is_one = s->c->n_pairs == 1;
    if (is_one && (s->c->within_run || s->c->is_campaign))
        fputs("One run per cluster is no proof; `loadgen campaign` would tell.", s->out);
    else if (is_one)
        fprintf(s->out, "One run of each is no proof; %d of each, made in turns, would tell.",
                DECIDE_PAIRS_LEAST);
    else
        fprintf(s->out, "%zu pairs are a description and no proof; %d are the least.", s->c->n_pairs,
                DECIDE_PAIRS_LEAST);
    if (failures_matter(s)) {
        fputs(" ", s->out);
        write_failures(s);
        fputs(slower_one_fails(s) ? "." : ": their times do not compare", s->out);
        if (!slower_one_fails(s))
            return;
    }
    if (is_one)
        write_run(s);
    else
        write_pairs(s);
}

static void write_description(const struct subject *s)
{
    const struct decide_result *r = s->r;
    if (r->n_pairs == 0 && r->n_tied > 0)
        fprintf(s->out, "Neither %s nor %s has a %s: too many of their requests failed", s->a, s->b, s->name);
    else if (r->n_pairs == 0) {
        if (failures_matter(s)) {
            write_failures(s);
            fputs(". ", s->out);
        }
        fprintf(s->out,
                "Cannot compare %s: %s fewer than ten requests beyond it. Send more requests in each run",
                s->name, s->c->n_pairs == 1 ? "a run has" : "every pair has a run with");
    } else
        write_few(s);
}

void comparison_sentence(FILE *out, const struct comparison *c)
{
    const struct comparison_pair *pair = comparison_first(c);
    if (!pair) {
        fputs("No pair of runs is complete yet.", out);
        return;
    }
    if (c->answer && c->primary == SAMPLE_P99) {
        fputs(c->answer, out);
        return;
    }
    const struct subject s = about(out, c, pair);
    const bool is_failure = failures_matter(&s) && s.r->failures.is_certain;
    const bool is_difference = s.r->outcome == DECIDE_HIGHER || s.r->outcome == DECIDE_LOWER;
    if (is_difference) {
        write_difference(&s);
        if (is_failure) {
            fputs(". ", out);
            write_failures(&s);
        }
    } else if (s.r->outcome == DECIDE_EQUIVALENT) {
        write_equivalence(&s);
    } else if (s.r->outcome == DECIDE_DESCRIPTION) {
        write_description(&s);
        if (s.r->rests_on_invalid && !c->within_run) {
            fputs("; ", out);
            write_generator(&s);
        }
    } else if (is_failure) {
        write_failures(&s);
        fputs(": their times do not compare", out);
    } else {
        write_undecided(&s);
    }
    fputs(".", out);
}
