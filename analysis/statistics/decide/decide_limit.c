#include "decide_limit.h"

#include "centre.h"
#include "decide_limit_rule.h"
#include "decide_rule.h"
#include "err.h"
#include "holm.h"

#include <math.h>
#include <stdlib.h>

static double shift_of(const struct decide_control *control)
{
    return control->is_shifted ? fabs(log(control->ratio.value)) : 0;
}

/* Step 4: the word must be the same without the shift that the controls show, in either direction. */
static bool controls_permit(const struct decide_limit_question *q, const struct decide_rule *rule,
                            enum decide_limit_word word)
{
    const struct decide_control *control = &rule->control;
    struct centre left = rule->centre;
    if (control->is_shifted)
        left.se = log(control->left.hi / control->left.value) / centre_critical(&left, q->pairs.confidence);
    return decide_limit_word_of(q, &left, shift_of(control)) == word;
}

/* What the pairs' centre proves. */
static void judge_centre(const struct decide_limit_question *q, const struct decide_rule *rule,
                         struct decide_limit *out)
{
    const struct centre *c = &rule->centre;
    decide_limit_by_centre(q, c, out);
    if (out->word == DECIDE_LIMIT_UNDECIDED || controls_permit(q, rule, out->word))
        return;
    out->word = DECIDE_LIMIT_UNDECIDED;
    out->reason = DECIDE_CONTROLS;
}

static void judge(const struct decide_limit_question *q, const struct decide_columns *pairs,
                  const struct decide_rule *rule, struct decide_limit *out)
{
    if (pairs->is_finite)
        judge_centre(q, rule, out);
    else
        decide_limit_by_signs(q, pairs, shift_of(&rule->control), out);
    if (out->word != DECIDE_LIMIT_UNDECIDED && rule->control.n_lost > rule->control.n) {
        out->word = DECIDE_LIMIT_UNDECIDED;
        out->reason = DECIDE_CONTROLS;
    }
}

/* Step 5. */
static void apply_failures(const struct decide_limit_question *q, const struct decide_failures *failures,
                           struct decide_limit *out)
{
    const bool is_found_slower = (out->word == DECIDE_LIMIT_BEYOND) == q->is_above;
    if (out->word == DECIDE_LIMIT_UNDECIDED || !decide_failures_matter(failures, q->pairs.p_ppm) ||
        is_found_slower == (failures->b > failures->a))
        return;
    out->word = DECIDE_LIMIT_UNDECIDED;
    out->reason = DECIDE_FAILURES;
}

/* The answer to the pairs as they are, or with twice the generator's visible share taken off. */
static int answer(const struct decide_limit_question *q, bool without_generator, struct decide_limit *out,
                  struct err *e)
{
    const struct decide_question *of = &q->pairs;
    struct decide_columns pairs = { 0 }, controls = { 0 };
    struct decide_rule rule;
    int status = -1;
    if (decide_columns_init(&pairs, of->pairs, of->n_pairs, without_generator, e) == 0 &&
        decide_columns_init(&controls, of->controls, of->n_controls, without_generator, e) == 0 &&
        decide_rule_apply(of, &pairs, &controls, &rule, e) == 0) {
        out->n_pairs = pairs.n;
        out->n_tied = pairs.n_tied;
        if (pairs.n > 0 && !pairs.is_used_up)
            judge(q, &pairs, &rule, out);
        status = 0;
    }
    decide_columns_fini(&pairs);
    decide_columns_fini(&controls);
    return status;
}

int decide_limit_ratio(const struct decide_limit_question *q, struct decide_limit *out, struct err *e)
{
    struct decide_failures failures;
    struct decide_limit without;
    *out = without = decide_limit_unknown;
    if (answer(q, false, out, e) != 0 || answer(q, true, &without, e) != 0 ||
        decide_failures_of(q->pairs.pairs, q->pairs.n_pairs, q->pairs.confidence, &failures, e) != 0)
        return -1;
    apply_failures(q, &failures, out);
    apply_failures(q, &failures, &without);
    if (out->word != DECIDE_LIMIT_UNDECIDED && out->word != without.word) {
        out->word = DECIDE_LIMIT_UNDECIDED;
        out->reason = DECIDE_GENERATOR;
    }
    decide_limit_withhold(out);
    return 0;
}

int decide_limit_family(struct decide_limit *const *limits, size_t n, double confidence, struct err *e)
{
    double *p = calloc(2 * n + 1, sizeof *p);
    if (!p)
        return err_errno(e, ERR_FAILED, "cannot adjust %zu results", n);
    for (size_t i = 0; i < n; i++)
        p[i] = limits[i]->p;
    holm_adjust(p, n, p + n);
    for (size_t i = 0; i < n; i++) {
        limits[i]->p_holm = p[n + i];
        if (limits[i]->word != DECIDE_LIMIT_BEYOND || limits[i]->p_holm < (1 - confidence) / 2)
            continue;
        limits[i]->word = DECIDE_LIMIT_UNDECIDED;
        limits[i]->reason = DECIDE_FAMILY;
    }
    free(p);
    return 0;
}
