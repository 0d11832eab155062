#include "decide_limit_rule.h"

#include "centre.h"
#include "decide_pair.h"
#include "power.h"
#include "prob.h"

#include <math.h>

/* A change at the limit must not pass it by rounding. */
static const double ROUNDING = 1e-12;

const struct decide_limit decide_limit_unknown = {
    .word = DECIDE_LIMIT_UNDECIDED, .change = { NAN, NAN, NAN }, .p = NAN, .p_holm = NAN
};

/* How far beyond the limit a change lies; negative: within. */
static double distance(const struct decide_limit_question *q, double change)
{
    return q->is_above ? change - q->limit : q->limit - change;
}

enum decide_limit_word decide_limit_word_of(const struct decide_limit_question *q, const struct centre *c,
                                            double shift)
{
    const double beyond = distance(q, c->value);
    const double room = centre_half_width(c, q->pairs.confidence) + shift + ROUNDING;
    if (beyond > room)
        return DECIDE_LIMIT_BEYOND;
    return -beyond > room ? DECIDE_LIMIT_WITHIN : DECIDE_LIMIT_UNDECIDED;
}

/* One-sided p of a change that is not beyond the limit. */
static double p_of_centre(const struct decide_limit_question *q, const struct centre *c)
{
    const double beyond = distance(q, c->value);
    if (c->se == 0)
        return beyond > ROUNDING ? 0 : 1;
    return prob_student_cdf(-beyond / c->se, c->df);
}

/* Pairs to add for a word with the power asked for, if centre and spread are as estimated; 0: too many. */
static size_t more_pairs(const struct decide_limit_question *q, const struct centre *c)
{
    const size_t needed =
        power_pairs_for_effect(distance(q, c->value), c->sd, 1 - q->pairs.confidence, q->pairs.power);
    if (needed == 0 || needed > 3 * c->n)
        return 0;
    return needed > c->n ? needed - c->n : 1;
}

void decide_limit_by_centre(const struct decide_limit_question *q, const struct centre *c,
                            struct decide_limit *out)
{
    const double half = centre_half_width(c, q->pairs.confidence);
    out->change = (struct decide_interval){ c->value, c->value - half, c->value + half };
    out->p = p_of_centre(q, c);
    out->word = decide_limit_word_of(q, c, 0);
    if (out->word != DECIDE_LIMIT_UNDECIDED)
        return;
    out->reason = DECIDE_INTERVAL;
    out->n_more = more_pairs(q, c);
}

/* A time that is only a bound proves one direction; one that failed is longer than any limit. */
static void count(const struct decide_limit_question *q, const struct decide_columns *pairs, size_t i,
                  double shift, struct decide_limit *out)
{
    const double change = pairs->log_ratio[i];
    const bool is_sure = isinf(change) || (isfinite(pairs->a[i]) && isfinite(pairs->b[i]));
    const bool is_least = is_sure || isnan(pairs->b[i]), is_most = is_sure || isnan(pairs->a[i]);
    const bool is_beyond = distance(q, change) > shift + ROUNDING,
               is_within = -distance(q, change) > shift + ROUNDING;
    out->n_beyond += is_beyond && (q->is_above ? is_least : is_most);
    out->n_within += is_within && (q->is_above ? is_most : is_least);
}

/* P(k or more of n fair coins). */
static double p_of_signs(size_t k, size_t n)
{
    return prob_binomial_cdf((int64_t)(n - k), n, 0.5);
}

void decide_limit_by_signs(const struct decide_limit_question *q, const struct decide_columns *pairs,
                           double shift, struct decide_limit *out)
{
    const double level = (1 - q->pairs.confidence) / 2;
    out->is_by_signs = true;
    for (size_t i = 0; i < pairs->n; i++)
        count(q, pairs, i, shift, out);
    out->p = p_of_signs(out->n_beyond, pairs->n);
    out->word = out->p < level                                ? DECIDE_LIMIT_BEYOND
                : p_of_signs(out->n_within, pairs->n) < level ? DECIDE_LIMIT_WITHIN
                                                              : DECIDE_LIMIT_UNDECIDED;
    out->reason = out->word == DECIDE_LIMIT_UNDECIDED ? DECIDE_SIGNS : DECIDE_NO_REASON;
}

void decide_limit_withhold(struct decide_limit *out)
{
    if (out->n_pairs >= DECIDE_PAIRS_LEAST)
        return;
    out->word = DECIDE_LIMIT_DESCRIPTION;
    out->reason = DECIDE_NO_REASON;
    out->change.lo = out->change.hi = out->p = out->p_holm = NAN;
    out->n_more = DECIDE_PAIRS_LEAST - out->n_pairs;
}
