#include "gate.h"

#include "comparison.h"

#include <math.h>
#include <stdio.h>

enum { NUMBER_BYTES = 32, CHANGE_BYTES = 128 };

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* Digits behind the point that tell the change and its interval apart. */
static int digits_of(const struct gate *gate)
{
    const struct decide_interval *change = &gate->change;
    const double least = fmin(fabs(change->value), fmin(fabs(change->lo), fabs(change->hi)));
    return gate->is_of_failed ? 2 : 100 * least < 9.95 ? 1 : 0;
}

/* "+24", "-0.4"; of shares, in points, "+0.13". */
static const char *number(const struct gate *gate, double change, char out[NUMBER_BYTES])
{
    const int digits = digits_of(gate);
    const double unit = pow(10, digits), rounded = round(100 * change * unit) / unit;
    snprintf(out, NUMBER_BYTES, "%+.*f", digits, rounded == 0 ? 0. : rounded);
    return out;
}

/* "+24 % (95 % interval +20 to +29, 6 pairs)" */
static const char *change_text(const struct gate *gate, char out[CHANGE_BYTES])
{
    const char *unit = gate->is_of_failed ? "points" : "%";
    const struct decide_limit *found = &gate->found;
    char value[NUMBER_BYTES], lo[NUMBER_BYTES], hi[NUMBER_BYTES];
    if (found->is_by_signs)
        snprintf(out, CHANGE_BYTES, "beyond it in %zu of %zu pairs, within in %zu; some runs have no %s",
                 found->n_beyond, found->n_pairs, found->n_within, gate_metric_name(gate));
    else
        snprintf(out, CHANGE_BYTES, "%s %s (95 %% interval %s to %s, %zu pairs)",
                 number(gate, gate->change.value, value), unit, number(gate, gate->change.lo, lo),
                 number(gate, gate->change.hi, hi), found->n_pairs);
    return out;
}

/* Requests that a run must have for ten of them to lie beyond the percentile. */
static double requests_least(const struct gate *gate)
{
    return ceil(1e7 / (1e6 - sample_value_ppm(gate->value)));
}

/* Too few pairs, or too few that have this number. */
static void write_few(const struct gate *gate, const struct comparison *c, FILE *out)
{
    const struct decide_limit *found = &gate->found;
    char value[NUMBER_BYTES];
    if (c->within_run) {
        fputs("one run proves nothing; `loadgen campaign` would tell", out);
        return;
    }
    if (c->n_pairs < DECIDE_PAIRS_LEAST) {
        fprintf(out, "%zu pair%s of runs prove%s nothing", c->n_pairs, plural(c->n_pairs),
                c->n_pairs == 1 ? "s" : "");
        if (isfinite(gate->change.value))
            fprintf(out, " (%s %s in %s)", number(gate, gate->change.value, value),
                    gate->is_of_failed ? "points" : "%", c->n_pairs == 1 ? "it" : "these");
        fprintf(out, "; it takes %zu more run%s of each", DECIDE_PAIRS_LEAST - c->n_pairs,
                plural(DECIDE_PAIRS_LEAST - c->n_pairs));
        return;
    }
    const char *where = found->n_pairs > 0 ? "in the others " : "";
    if (found->n_pairs > 0)
        fprintf(out, "only %zu of %zu pairs count%s; ", found->n_pairs, c->n_pairs,
                found->n_pairs == 1 ? "s" : "");
    else
        fprintf(out, "none of %zu pairs counts; ", c->n_pairs);
    if (gate->is_of_failed || gate->value == SAMPLE_RATE)
        fprintf(out, "%sthe runs have no answers", where);
    else if (found->n_tied > 0)
        fprintf(out, "%sneither run has a %s, because too many requests failed", where,
                gate_metric_name(gate));
    else
        fprintf(out, "%s takes %.0f requests in each run", gate_metric_name(gate), requests_least(gate));
}

static void write_reason(const struct gate *gate, size_t n, const struct comparison *c, FILE *out)
{
    const struct decide_limit *found = &gate->found;
    const struct comparison_pair *pair = comparison_first(c);
    const struct decide_failures *failures = &c->results[c->primary].failures;
    switch (found->reason) {
    case DECIDE_INTERVAL:
        if (found->n_more > 0)
            fprintf(out, "; about %zu more run%s of each would tell", found->n_more, plural(found->n_more));
        else
            fputs("; at this spread more runs hardly help: make them longer", out);
        break;
    case DECIDE_FAILURES:
        fprintf(out, "; %s failed more requests, so the times do not compare: gate on `failed`",
                failures->b > failures->a ? pair->b.label : pair->a.label);
        break;
    case DECIDE_CONTROLS:
        fprintf(out, "; %s differed from itself, so it is not sure what made the difference", pair->a.label);
        break;
    case DECIDE_GENERATOR:
        fputs("; without what loadgen itself may have added, it could be otherwise", out);
        break;
    case DECIDE_FAMILY:
        fprintf(out, "; clear alone (p = %.2g), not as one of %zu gates (p = %.2g)", found->p, n,
                found->p_holm);
        break;
    default: /* signs */
        break;
    }
}

static void write_invalid(const struct gate *gate, const struct comparison *c, FILE *out)
{
    const struct decide_result *r = &c->results[gate->value];
    const struct comparison_pair *pair = comparison_first(c);
    const bool is_b = r->n_invalid_b > r->n_invalid_a;
    fprintf(out, "in %zu of %zu run%s of %s the %s may be loadgen's own doing",
            is_b ? r->n_invalid_b : r->n_invalid_a, r->n_pairs, plural(r->n_pairs),
            is_b ? pair->b.label : pair->a.label, gate_metric_name(gate));
}

static void write_line(const struct gates *gates, size_t i, const struct comparison *c, FILE *out)
{
    const struct gate *gate = &gates->rows[i];
    char change[CHANGE_BYTES];
    const bool is_undecided = gate->word == GATE_UNDECIDED;
    fprintf(out, "%s%s: ", gate_word_name(gate->word),
            !is_undecided            ? ""
            : gates->fails_undecided ? ", which fails here"
                                     : ", which passes");
    if (gate->word == GATE_INVALID) {
        write_invalid(gate, c, out);
    } else if (is_undecided && gate->found.word == DECIDE_LIMIT_DESCRIPTION) {
        write_few(gate, c, out);
    } else {
        fputs(change_text(gate, change), out);
        if (is_undecided)
            write_reason(gate, gates->n, c, out);
    }
}

const char *gate_line(const struct gates *gates, size_t i, const struct comparison *c, char *out)
{
    FILE *f = fmemopen(out, GATE_LINE_BYTES, "w");
    *out = '\0';
    if (f) {
        write_line(gates, i, c, f);
        fclose(f);
    }
    out[GATE_LINE_BYTES - 1] = '\0';
    return out;
}
