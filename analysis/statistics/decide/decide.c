#include "decide.h"

#include "centre.h"
#include "decide_describe.h"
#include "decide_rule.h"
#include "decide_typical.h"
#include "err.h"
#include "power.h"
#include "prob.h"

#include <math.h>

const struct decide_question decide_defaults = { .margin = 0.05, .confidence = 0.95, .power = 0.8 };

static const struct decide_interval UNKNOWN = { NAN, NAN, NAN };

/* Step 5. */
static void apply_failures(const struct decide_failures *f, uint32_t p_ppm, struct decide_rule *rule)
{
    const enum decide_outcome loses = f->b > f->a ? DECIDE_HIGHER : DECIDE_LOWER;
    if (!decide_failures_matter(f, p_ppm) || rule->outcome == DECIDE_UNDECIDED || rule->outcome == loses)
        return;
    rule->outcome = DECIDE_UNDECIDED;
    rule->reason = DECIDE_FAILURES;
}

static int word_without_generator(const struct decide_question *q, const struct decide_failures *failures,
                                  enum decide_outcome *out, struct err *e)
{
    struct decide_columns pairs = { 0 }, controls = { 0 };
    struct decide_rule rule;
    int status = -1;
    if (decide_columns_init(&pairs, q->pairs, q->n_pairs, true, e) == 0 &&
        decide_columns_init(&controls, q->controls, q->n_controls, true, e) == 0 &&
        decide_rule_apply(q, &pairs, &controls, &rule, e) == 0) {
        apply_failures(failures, q->p_ppm, &rule);
        *out = pairs.is_used_up ? DECIDE_UNDECIDED : rule.outcome;
        status = 0;
    }
    decide_columns_fini(&pairs);
    decide_columns_fini(&controls);
    return status;
}

/* Step 6. */
static int apply_generator(const struct decide_question *q, const struct decide_result *result,
                           struct decide_rule *rule, struct err *e)
{
    enum decide_outcome without = DECIDE_UNDECIDED;
    if (rule->outcome == DECIDE_UNDECIDED && !result->rests_on_invalid)
        return 0;
    if (!result->rests_on_invalid && word_without_generator(q, &result->failures, &without, e) != 0)
        return -1;
    if (without != rule->outcome || result->rests_on_invalid) {
        rule->outcome = DECIDE_UNDECIDED;
        rule->reason = DECIDE_GENERATOR;
    }
    return 0;
}

static void count_invalid(const struct decide_pair *pairs, const struct decide_columns *c,
                          struct decide_result *out)
{
    for (size_t i = 0; i < c->n; i++) {
        out->n_invalid_a += pairs[c->index[i]].a.is_invalid;
        out->n_invalid_b += pairs[c->index[i]].b.is_invalid;
    }
    out->rests_on_invalid = c->n > 0 && (2 * out->n_invalid_a >= c->n || 2 * out->n_invalid_b >= c->n);
}

/* Pairs for which an estimate of this size lies outside the margin with that power. */
static double pairs_beyond_margin(double size, double log_margin, double sd, double power)
{
    return pow(prob_normal_quantile(power) * sd / (size - log_margin), 2);
}

/* Pairs to add for a word with the power asked for, if centre and spread are as estimated; 0: too many. */
static size_t more_pairs(const struct centre *c, const struct decide_question *q)
{
    const double size = fabs(c->value);
    const double beyond = ceil(pairs_beyond_margin(size, log1p(q->margin), c->sd, q->power));
    const size_t for_effect = power_pairs_for_effect(size, c->sd, 1 - q->confidence, q->power);
    const size_t most = 3 * c->n;
    if (for_effect == 0 || for_effect > most || !(beyond <= (double)most))
        return 0;
    const size_t needed = (double)for_effect < beyond ? (size_t)beyond : for_effect;
    return needed > c->n ? needed - c->n : 1;
}

/* What fewer pairs than a decision takes, and secondary rows, do not get. */
static void withhold(const struct decide_question *q, struct decide_result *out)
{
    out->outcome = DECIDE_DESCRIPTION;
    out->reason = DECIDE_NO_REASON;
    out->p = out->p_holm = out->p_rank = out->p_equivalence = NAN;
    out->n_more = 0;
    if (q->is_secondary && out->n_pairs >= DECIDE_PAIRS_LEAST)
        return;
    struct decide_interval *const intervals[] = {
        &out->ratio,       &out->ratio_rank,    &out->difference,
        &out->equivalence, &out->without_apart, &out->control.ratio
    };
    for (size_t i = 0; i < sizeof intervals / sizeof *intervals; i++)
        intervals[i]->lo = intervals[i]->hi = NAN;
    out->control.is_shifted = false;
    out->n_apart = 0;
    out->detectable_ratio = NAN;
}

static int answer(struct decide_columns *pairs, const struct decide_columns *controls,
                  const struct decide_question *q, struct decide_result *out, struct err *e)
{
    struct decide_rule rule;
    struct decide_time typical[2];
    out->n_pairs = pairs->n;
    out->n_tied = pairs->n_tied;
    count_invalid(q->pairs, pairs, out);
    if (decide_rule_apply(q, pairs, controls, &rule, e) != 0 ||
        decide_failures_of(q->pairs, q->n_pairs, q->confidence, &out->failures, e) != 0 ||
        decide_typical(q->pairs, q->n_pairs, pairs, typical, e) != 0)
        return -1;
    if (pairs->n > 0 && pairs->is_finite && decide_describe(pairs, &rule, q, out, e) != 0)
        return -1;
    apply_failures(&out->failures, q->p_ppm, &rule);
    const bool is_enough = pairs->n >= DECIDE_PAIRS_LEAST && !q->is_secondary;
    if (is_enough && apply_generator(q, out, &rule, e) != 0)
        return -1;
    out->typical_a = typical[0];
    out->typical_b = typical[1];
    out->method = rule.method;
    out->signs = rule.signs;
    out->equivalence = rule.equivalence;
    out->p = out->p_holm = rule.p;
    out->p_equivalence = rule.p_equivalence;
    out->control = rule.control;
    out->outcome = rule.outcome;
    out->reason = rule.reason;
    if (rule.reason == DECIDE_INTERVAL)
        out->n_more = more_pairs(&rule.centre, q);
    if (!is_enough)
        withhold(q, out);
    return 0;
}

int decide_metric(const struct decide_question *question, struct decide_result *out, struct err *e)
{
    struct decide_columns pairs = { 0 }, controls = { 0 };
    *out = (struct decide_result){
        .without_apart = UNKNOWN,
        .ratio = UNKNOWN,
        .ratio_rank = UNKNOWN,
        .difference = UNKNOWN,
        .sd_log = NAN,
        .lag1 = NAN,
        .a12 = NAN,
        .p_rank = NAN,
        .detectable_ratio = NAN,
        .order = { .ratio_a_first = NAN, .ratio_b_first = NAN, .p = NAN },
    };
    int status = -1;
    if (decide_columns_init(&pairs, question->pairs, question->n_pairs, false, e) == 0 &&
        decide_columns_init(&controls, question->controls, question->n_controls, false, e) == 0)
        status = answer(&pairs, &controls, question, out, e);
    decide_columns_fini(&pairs);
    decide_columns_fini(&controls);
    return status;
}

const char *decide_outcome_name(enum decide_outcome outcome)
{
    static const char *const names[] = {
#define X(name, text) text,
        DECIDE_OUTCOMES(X)
#undef X
    };
    return names[outcome];
}

const char *decide_reason_name(enum decide_reason reason)
{
    static const char *const names[] = {
#define X(name, text) text,
        DECIDE_REASONS(X)
#undef X
    };
    return names[reason];
}

const char *decide_method_name(enum decide_method method)
{
    static const char *const names[] = {
#define X(name, text) text,
        DECIDE_METHODS(X)
#undef X
    };
    return names[method];
}
