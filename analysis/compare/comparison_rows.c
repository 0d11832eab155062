/* A comparison as rows of text, for every form that shows a table: both arms' numbers, their ratio, what was
 * decided. */
#include "comparison.h"
#include "units.h"

#include <math.h>
#include <string.h>

enum { A = 1, B, RATIO, INTERVAL, DECISION };

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

static void set_typical(char *out, enum sample_value value, const struct decide_time *typical)
{
    char text[UNITS_TEXT_BYTES] = "-";
    if (value != SAMPLE_RATE)
        attempt_time_text((struct attempt_time){ .state = typical->state,
                                                 .value_ns = (uint64_t)llround(typical->value),
                                                 .at_least_ns = (uint64_t)typical->at_least },
                          text);
    else if (isfinite(typical->value) && typical->state == ATTEMPT_EXACT)
        units_number_text(typical->value, text);
    snprintf(out, COMPARISON_WORDS_BYTES, "%s", text);
}

static void set_ratio(const struct comparison *c, enum sample_value value, struct comparison_row *row)
{
    const struct decide_interval ratio = comparison_ratio(c, value);
    const struct decide_signs *signs = &c->results[value].signs;
    char text[UNITS_TEXT_BYTES], *of_ratio = row->cells[RATIO], *interval = row->cells[INTERVAL];
    snprintf(of_ratio, COMPARISON_WORDS_BYTES, "-");
    snprintf(interval, COMPARISON_WORDS_BYTES, "-");
    if (isfinite(ratio.value))
        snprintf(of_ratio, COMPARISON_WORDS_BYTES, "%s", units_number_text(ratio.value, text));
    else if (c->results[value].method == DECIDE_SIGN_TEST && isfinite(signs->beyond))
        snprintf(of_ratio, COMPARISON_WORDS_BYTES, "%s %s", signs->n_higher > signs->n_lower ? ">" : "<",
                 units_number_text(signs->beyond, text));
    if (isfinite(ratio.lo) && isfinite(ratio.hi))
        snprintf(interval, COMPARISON_WORDS_BYTES, "%.2f - %.2f", ratio.lo, ratio.hi);
    else if (isfinite(ratio.lo) && isinf(ratio.hi))
        snprintf(interval, COMPARISON_WORDS_BYTES, "%.2f or more", ratio.lo);
}

static struct comparison_row number_row(const struct comparison *c, enum sample_value value)
{
    const struct decide_result *r = &c->results[value];
    struct comparison_row row = { 0 };
    snprintf(row.cells[0], COMPARISON_WORDS_BYTES, "%s",
             value == SAMPLE_RATE ? "good/s" : sample_value_name(value));
    set_typical(row.cells[A], value, &r->typical_a);
    set_typical(row.cells[B], value, &r->typical_b);
    set_ratio(c, value, &row);
    comparison_decision(c, value, row.cells[DECISION]);
    return row;
}

static void set_share(char *out, double share)
{
    if (isfinite(share))
        snprintf(out, COMPARISON_WORDS_BYTES, "%.2f %%", 100 * share);
    else
        snprintf(out, COMPARISON_WORDS_BYTES, "-");
}

static struct comparison_row share_row(double a, double b)
{
    struct comparison_row row = { 0 };
    set_share(row.cells[A], a);
    set_share(row.cells[B], b);
    return row;
}

static struct comparison_row failed_row(const struct comparison *c)
{
    const struct decide_failures *f = &c->results[c->primary].failures;
    struct comparison_row row = share_row(f->n > 0 ? f->a : NAN, f->n > 0 ? f->b : NAN);
    snprintf(row.cells[0], COMPARISON_WORDS_BYTES, "failed");
    return row;
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

size_t comparison_rows(const struct comparison *c, struct comparison_row rows[COMPARISON_ROWS])
{
    const struct sample_goodput a = mean_goodput(c, false), b = mean_goodput(c, true);
    char limit[UNITS_TEXT_BYTES];
    size_t n = 0;
    for (int i = SAMPLE_P50; i <= SAMPLE_RATE; i++)
        rows[n++] = number_row(c, (enum sample_value)i);
    rows[n++] = failed_row(c);
    if (!isfinite(a.limit_s) || !isfinite(b.limit_s))
        return n;
    rows[n] = share_row(a.share, b.share);
    snprintf(rows[n].cells[0], COMPARISON_WORDS_BYTES, "within %s",
             units_duration_text((uint64_t)(a.limit_s * 1e9), limit));
    return n + 1;
}

/* Whether a run has no exact time, so that no mean of the runs exists. */
static bool has_medians(const struct comparison *c)
{
    bool has = false;
    for (int i = SAMPLE_P50; i <= SAMPLE_P999; i++)
        has |= c->results[i].method == DECIDE_SIGN_TEST || c->results[i].n_tied > 0;
    return has;
}

static const char *about_intervals(const struct comparison *c, char out[COMPARISON_ABOUT_BYTES])
{
    if (!c->within_run)
        return has_medians(c) ? "geometric means over the runs, medians where a run has no exact time"
                              : "geometric means over the runs";
    if (!*c->within[SAMPLE_P50].why || !*c->within[SAMPLE_RATE].why)
        return "intervals from this run's seconds, which do not show how runs differ";
    snprintf(out, COMPARISON_ABOUT_BYTES, "no intervals: %s", c->within[SAMPLE_P50].why);
    return out;
}

const char *comparison_about(const struct comparison *c, char out[COMPARISON_ABOUT_BYTES])
{
    char intervals[COMPARISON_ABOUT_BYTES];
    const struct comparison_pair *pair = comparison_first(c);
    const bool is_http2 =
        pair && strcmp(pair->a.protocol, "HTTP/2") == 0 && strcmp(pair->b.protocol, "HTTP/2") == 0;
    snprintf(out, COMPARISON_ABOUT_BYTES, "%s times of all attempts%s, %.200s",
             pair && pair->a.headline == METRIC_RESPONSE ? "response" : "service",
             is_http2 ? " over HTTP/2" : "", about_intervals(c, intervals));
    return out;
}
