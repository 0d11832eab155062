/* Caveats of a comparison: what besides the cluster may have made the difference, or hidden one. */
#include "comparison.h"
#include "note_list.h"
#include "units.h"
#include "wilson.h"

#include <math.h>
#include <string.h>

enum { WORDS_BYTES = 128 };

static const double TIMED_TOLERANCE = .05; /* of durations, which are measured */
static const double CREDITS_TOLERANCE = .01;

static bool times_differ(double a_s, double b_s)
{
    return fabs(a_s - b_s) > TIMED_TOLERANCE * fmax(a_s, b_s);
}

static bool speak_alike(const struct sample *a, const struct sample *b)
{
    return strcmp(a->protocol, b->protocol) == 0;
}

/* HTTP/2 carries the same load over fewer connections. */
static bool loads_differ(const struct sample *a, const struct sample *b)
{
    return speak_alike(a, b) ? strcmp(a->load, b->load) != 0
                             : strcmp(a->load_without_connections, b->load_without_connections) != 0;
}

/* Names the protocols of the first pair in which they differ. */
static void note_protocols(struct note_list *notes, const struct comparison *c)
{
    notes->heading = "protocol";
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct sample *a = &c->pairs[i].a, *b = &c->pairs[i].b;
        if (speak_alike(a, b))
            continue;
        note_list_add(notes, "%s over %s: %s", a->label, a->protocol, a->load);
        note_list_add(notes, "%s over %s: %s", b->label, b->protocol, b->load);
        return;
    }
}

/* Reports the first pair whose runs had different loads. */
static void note_loads(struct note_list *notes, const struct comparison *c)
{
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct sample *a = &c->pairs[i].a, *b = &c->pairs[i].b;
        char a_s[UNITS_TEXT_BYTES], b_s[UNITS_TEXT_BYTES];
        if (loads_differ(a, b)) {
            note_list_add(notes, "the loads differ, so the times do not compare:");
            note_list_add(notes, "  %s: %s", a->label, a->load);
            note_list_add(notes, "  %s: %s", b->label, b->load);
            return;
        }
        if (times_differ(a->timed_s, b->timed_s)) {
            note_list_add(notes, "the loads differ: %s was measured for %s and %s for %s", a->label,
                          units_duration_text((uint64_t)(a->timed_s * 1e9), a_s), b->label,
                          units_duration_text((uint64_t)(b->timed_s * 1e9), b_s));
            return;
        }
    }
}

static void note_end(struct note_list *notes, const struct sample *s)
{
    if (*s->end && strcmp(s->end, "done") != 0)
        note_list_add(notes, "%s did not reach its end: it was %s", s->run_id,
                      strcmp(s->end, "running") == 0 ? "killed, or still goes on" : s->end);
}

static void note_ends(struct note_list *notes, const struct comparison *c)
{
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        note_end(notes, &c->pairs[i].a);
        if (!c->within_run)
            note_end(notes, &c->pairs[i].b);
    }
}

static void note_instances(struct note_list *notes, const struct comparison *c,
                           const struct comparison_pair *pair)
{
    const struct decide_interval each = comparison_ratio(c, SAMPLE_EACH_P99);
    char ratio[64] = "", interval[64] = "";
    if (pair->a.n_instances == pair->b.n_instances || pair->a.n_instances == 0 || pair->b.n_instances == 0)
        return;
    if (isfinite(each.value))
        snprintf(ratio, sizeof ratio, ": per instance the ratio of p99 is %.2f", each.value);
    if (isfinite(each.lo))
        snprintf(interval, sizeof interval, " (%.2f - %.2f)", each.lo, each.hi);
    else if (c->within_run && isfinite(each.value))
        snprintf(interval, sizeof interval, "; one run gives no interval for it");
    note_list_add(notes, "%zu instances against %zu%s%s", pair->b.n_instances, pair->a.n_instances, ratio,
                  interval);
}

/* The credits of one arm over all of its runs. */
struct budget {
    const struct sample *any; /* a run on a burstable type; NULL: none */
    const char *reason;       /* why some are unknown; NULL: no reason was recorded */
    size_t n_runs, n_known;
    double first, last, least;
};

static void add_credits(struct budget *b, const struct sample *s)
{
    if (!s->is_burstable)
        return;
    b->any = s;
    b->n_runs++;
    if (s->no_credits[0])
        b->reason = s->no_credits;
    if (!s->credits.is_known)
        return;
    if (b->n_known++ == 0) {
        b->first = s->credits.first;
        b->least = s->credits.least;
    }
    b->last = s->credits.last;
    b->least = fmin(b->least, s->credits.least);
}

static void note_budget(struct note_list *notes, const struct budget *b)
{
    if (!b->any)
        return;
    const char *label = b->any->label;
    if (b->reason)
        note_list_add(notes, "the CPU credits of %s are not known: %s", label, b->reason);
    else if (b->n_known == 0)
        note_list_add(
            notes,
            "%s is as fast as its CPU credits allow, and nothing says how many it had: `loadgen provision "
            "metrics --run DIR`",
            label);
    else if (b->first < 1)
        note_list_add(notes, "%s had no CPU credits: this is its speed at the baseline", label);
    else if (b->least < 1)
        note_list_add(notes,
                      "%s ran out of CPU credits (%.4g at the start): full speed and baseline are mixed",
                      label, b->first);
    else if (b->last < b->first * (1 - CREDITS_TOLERANCE))
        note_list_add(notes, "%s spent CPU credits (%.4g to %.4g): this is its speed while they last", label,
                      b->first, b->last);
    if (b->n_known > 0 && b->n_known < b->n_runs)
        note_list_add(notes, "the CPU credits of %s are known for %zu of %zu runs only", label, b->n_known,
                      b->n_runs);
}

static void note_credits(struct note_list *notes, const struct comparison *c)
{
    struct budget a = { 0 }, b = { 0 };
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        add_credits(&a, &c->pairs[i].a);
        add_credits(c->pairs[i].is_control ? &a : &b, &c->pairs[i].b);
    }
    note_budget(notes, &a);
    note_budget(notes, &b);
}

/* The unsteady runs of one arm, and the one that changed most. */
struct unsteady {
    size_t n_known, n;
    const struct sample *worst, *depends; /* NULL: none */
};

static void add_steadiness(struct unsteady *u, const struct sample *s)
{
    u->n_known += s->steadiness.kind == STEADINESS_STEADY || s->steadiness.kind == STEADINESS_CHANGED;
    if (s->steadiness.kind == STEADINESS_DEPENDENT)
        u->depends = s;
    if (s->steadiness.kind != STEADINESS_CHANGED)
        return;
    u->n++;
    if (!u->worst || fabs(s->steadiness.change) > fabs(u->worst->steadiness.change))
        u->worst = s;
}

static void note_unsteady(struct note_list *notes, const struct unsteady *u, bool within_run)
{
    char words[WORDS_BYTES];
    if (within_run && u->depends) {
        steadiness_words(&u->depends->steadiness, words, sizeof words);
        note_list_add(notes, "whether %s was steady is not judged: %s", u->depends->label, words);
    }
    if (u->n == 0)
        return;
    steadiness_words(&u->worst->steadiness, words, sizeof words);
    if (within_run)
        note_list_add(notes, "%s was not steady: %s", u->worst->label, words);
    else
        note_list_add(notes, "%s was not steady in %zu of %zu runs: in %s %s", u->worst->label, u->n,
                      u->n_known, u->worst->run_id, words);
}

static void note_steadiness(struct note_list *notes, const struct comparison *c)
{
    struct unsteady a = { 0 }, b = { 0 };
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        add_steadiness(&a, &c->pairs[i].a);
        add_steadiness(c->pairs[i].is_control ? &a : &b, &c->pairs[i].b);
    }
    note_unsteady(notes, &a, c->within_run);
    note_unsteady(notes, &b, c->within_run);
}

/* "97 % of the median of m4" */
static const char *part_of_median(const struct sample *s, char *out)
{
    const double p50_ns = s->value[SAMPLE_P50];
    if (isfinite(p50_ns) && isfinite(s->round_trip_ns))
        snprintf(out, WORDS_BYTES, "%.0f %% of the median of %.60s",
                 fmin(100, 100 * s->round_trip_ns / p50_ns), s->label);
    else
        snprintf(out, WORDS_BYTES, "part of the median of %.60s", s->label);
    return out;
}

/* The first pair with a median that is mostly the way to the target and back. */
static void note_round_trip(struct note_list *notes, const struct comparison *c)
{
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct sample *a = &c->pairs[i].a, *b = &c->pairs[i].b, *far = a->is_far ? a : b;
        char trip[UNITS_TEXT_BYTES], of_a[WORDS_BYTES], of_b[WORDS_BYTES];
        if (!far->is_far || !isfinite(far->round_trip_ns))
            continue;
        note_list_add(notes,
                      "the round trip to the target, %s, is %s and %s: most of what is compared is the "
                      "network; run closer to the target",
                      units_time_text((uint64_t)far->round_trip_ns, trip), part_of_median(a, of_a),
                      part_of_median(b, of_b));
        return;
    }
}

/* Only within a run: over runs, requests that fail together would make the difference look far too certain.
 */
static void note_failures_within(struct note_list *notes, const struct comparison *c,
                                 const struct comparison_pair *pair)
{
    const struct comparison_errors s = comparison_errors(c);
    const struct wilson failed = wilson_difference(s.a_err, s.a_n, s.b_err, s.b_n, 0.95);
    if (c->within_run && (failed.lo > 0 || failed.hi < 0))
        note_list_add(
            notes, "failed shares differ, if failures are independent: %s failed %.2f to %.2f points more",
            failed.lo > 0 ? pair->b.label : pair->a.label, 100 * fmin(fabs(failed.lo), fabs(failed.hi)),
            100 * fmax(fabs(failed.lo), fabs(failed.hi)));
}

static void note_failures(struct note_list *notes, const struct comparison *c,
                          const struct comparison_pair *pair)
{
    const struct decide_failures *f = &c->results[c->primary].failures;
    if (c->within_run)
        note_failures_within(notes, c, pair);
    else if (f->is_certain &&
             !decide_failures_matter(f, sample_value_ppm(c->primary))) /* else in the sentence */
        note_list_add(notes, "%s failed more: by %.2f to %.2f points",
                      f->b > f->a ? pair->b.label : pair->a.label,
                      100 * fmin(fabs(f->difference.lo), fabs(f->difference.hi)),
                      100 * fmax(fabs(f->difference.lo), fabs(f->difference.hi)));
}

static void note_order(struct note_list *notes, const struct comparison *c,
                       const struct comparison_pair *pair)
{
    const struct order_effect *order = &c->results[c->primary].order;
    if (order->p < 0.05)
        note_list_add(notes, "the order mattered: %.2f when %s ran first, %.2f when %s did (p = %.2g)",
                      order->ratio_a_first, pair->a.label, order->ratio_b_first, pair->b.label, order->p);
}

/* A correlation that would be rare among independent pairs. */
static void note_dependence(struct note_list *notes, const struct comparison *c)
{
    const struct decide_result *r = &c->results[c->primary];
    if (r->n_pairs >= DECIDE_PAIRS_LEAST && r->lag1 > 2 / sqrt((double)r->n_pairs))
        note_list_add(notes,
                      "each pair resembles the one before (lag-1 correlation %.2f): spread pairs over days",
                      r->lag1);
}

/* Pairs of runs that are no pairs in time: drift is no longer the same for both arms. */
static void note_interleaving(struct note_list *notes, const struct comparison *c,
                              const struct comparison_pair *first)
{
    uint64_t first_ns[2] = { UINT64_MAX, UINT64_MAX }, last_ns[2] = { 0, 0 };
    if (c->within_run || c->is_campaign || c->n_pairs < 2)
        return;
    for (size_t i = 0; i < c->n_pairs; i++) {
        const uint64_t began_ns[] = { c->pairs[i].a.started_ns, c->pairs[i].b.started_ns };
        for (int k = 0; k < 2; k++) {
            first_ns[k] = began_ns[k] < first_ns[k] ? began_ns[k] : first_ns[k];
            last_ns[k] = began_ns[k] > last_ns[k] ? began_ns[k] : last_ns[k];
        }
    }
    const bool a_first = last_ns[0] < first_ns[1], b_first = last_ns[1] < first_ns[0];
    if (a_first || b_first)
        note_list_add(notes,
                      "all runs of %s came before those of %s: what else changed in between counts as well; "
                      "make them in turns",
                      a_first ? first->a.label : first->b.label, a_first ? first->b.label : first->a.label);
}

static bool note_machine(struct note_list *notes, const struct sample *first, const struct sample *other)
{
    if (!*first->machine || !*other->machine || strcmp(first->machine, other->machine) == 0)
        return false;
    note_list_add(notes, "the runs were made on different machines: %s, and %s", first->machine,
                  other->machine);
    return true;
}

static void note_machines(struct note_list *notes, const struct comparison *c,
                          const struct comparison_pair *first)
{
    bool is_noted = false;
    for (size_t i = 0; !is_noted && i < c->n_pairs + c->n_controls; i++)
        is_noted =
            note_machine(notes, &first->a, &c->pairs[i].a) || note_machine(notes, &first->a, &c->pairs[i].b);
}

static void note_pairs(struct note_list *notes, const struct comparison *c)
{
    const size_t n = c->results[c->primary].n_pairs;
    if (!c->within_run && n > 1 && n < DECIDE_PAIRS_TRIMMED)
        note_list_add(notes, "%zu pairs do not bear one broken run; 8 to 12 do", n);
}

void comparison_caveats(struct note_list *notes, const struct comparison *c,
                        const struct comparison_pair *pair)
{
    note_protocols(notes, c);
    notes->heading = "caveats";
    note_ends(notes, c);
    note_loads(notes, c);
    note_instances(notes, c, pair);
    note_round_trip(notes, c);
    note_failures(notes, c, pair);
    note_credits(notes, c);
    note_steadiness(notes, c);
    note_order(notes, c, pair);
    note_dependence(notes, c);
    note_interleaving(notes, c, pair);
    note_machines(notes, c, pair);
    note_pairs(notes, c);
}
